//go:build !mips && !mips64

package u256

// LoadBytes32 reads 32 bytes, big-endian.
func (z *Int) LoadBytes32(data *[Bytes]byte) {
	z.loadAnywhere(data)
}

// PutBytes32 writes the number as 32 bytes, big-endian.
func (z *Int) PutBytes32(data *[Bytes]byte) {
	z.putAnywhere(data)
}
