package u256

import "encoding/binary"

func (z *Int) loadAnywhere(data *[Bytes]byte) {
	z[3] = binary.BigEndian.Uint64(data[0:8])
	z[2] = binary.BigEndian.Uint64(data[8:16])
	z[1] = binary.BigEndian.Uint64(data[16:24])
	z[0] = binary.BigEndian.Uint64(data[24:32])
}

func (z *Int) putAnywhere(data *[Bytes]byte) {
	binary.BigEndian.PutUint64(data[0:8], z[3])
	binary.BigEndian.PutUint64(data[8:16], z[2])
	binary.BigEndian.PutUint64(data[16:24], z[1])
	binary.BigEndian.PutUint64(data[24:32], z[0])
}

// AddressBytes is the length of an account's address, which a word holds in its lowest bytes.
const AddressBytes = 20

// SetAddress makes z the number that an address is, big-endian.
func (z *Int) SetAddress(address *[AddressBytes]byte) {
	z[3], z[2] = 0, uint64(binary.BigEndian.Uint32(address[0:4]))
	z[1] = binary.BigEndian.Uint64(address[4:12])
	z[0] = binary.BigEndian.Uint64(address[12:20])
}

// Address returns the address in the lowest bytes, whatever is above them.
func (z *Int) Address() (address [AddressBytes]byte) {
	binary.BigEndian.PutUint32(address[0:4], uint32(z[2]))
	binary.BigEndian.PutUint64(address[4:12], z[1])
	binary.BigEndian.PutUint64(address[12:20], z[0])
	return address
}
