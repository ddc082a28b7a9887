//go:build mips || mips64

package u256

import "unsafe"

// LoadBytes32 reads 32 bytes, big-endian. These machines are big-endian themselves but read whole words at multiples of
// the word's size only; EVM memory is mostly used at such places.
func (z *Int) LoadBytes32(data *[Bytes]byte) {
	if uintptr(unsafe.Pointer(data))&7 == 0 {
		// The address is a multiple of eight and 32 bytes are there, so these are four words.
		words := (*[4]uint64)(unsafe.Pointer(data))
		z[3], z[2], z[1], z[0] = words[0], words[1], words[2], words[3]
		return
	}

	if uintptr(unsafe.Pointer(data))&3 == 0 {
		// The same with eight words of half the size.
		words := (*[8]uint32)(unsafe.Pointer(data))
		z[3] = uint64(words[0])<<32 | uint64(words[1])
		z[2] = uint64(words[2])<<32 | uint64(words[3])
		z[1] = uint64(words[4])<<32 | uint64(words[5])
		z[0] = uint64(words[6])<<32 | uint64(words[7])
		return
	}

	z.loadAnywhere(data)
}

// PutBytes32 writes the number as 32 bytes, big-endian.
func (z *Int) PutBytes32(data *[Bytes]byte) {
	if uintptr(unsafe.Pointer(data))&7 == 0 {
		words := (*[4]uint64)(unsafe.Pointer(data))
		words[0], words[1], words[2], words[3] = z[3], z[2], z[1], z[0]
		return
	}

	if uintptr(unsafe.Pointer(data))&3 == 0 {
		words := (*[8]uint32)(unsafe.Pointer(data))
		words[0], words[1] = uint32(z[3]>>32), uint32(z[3])
		words[2], words[3] = uint32(z[2]>>32), uint32(z[2])
		words[4], words[5] = uint32(z[1]>>32), uint32(z[1])
		words[6], words[7] = uint32(z[0]>>32), uint32(z[0])
		return
	}

	z.putAnywhere(data)
}
