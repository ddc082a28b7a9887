package precompile

import (
	"encoding/binary"
	"math/bits"
)

// RIPEMD-160 as H. Dobbertin, A. Bosselaers and B. Preneel published it ("RIPEMD-160: A Strengthened Version of RIPEMD",
// appendix A); the names of the tables follow the pseudocode there: r and s for the left line, r' and s' for the right.

var ripemdLeftWord = [80]uint8{
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8,
	3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12,
	1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2,
	4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13,
}

var ripemdRightWord = [80]uint8{
	5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12,
	6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2,
	15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13,
	8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14,
	12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11,
}

var ripemdLeftShift = [80]uint8{
	11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8,
	7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
	11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
	11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
	9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
}

var ripemdRightShift = [80]uint8{
	8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6,
	9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
	9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
	15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
	8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
}

var (
	ripemdLeftConstant  = [5]uint32{0x00000000, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e}
	ripemdRightConstant = [5]uint32{0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0x00000000}
)

func ripemd160(data []byte) (sum [20]byte) {
	// Padding as in MD4: a one bit, zeros, the length in bits, little-endian.
	message := append(append([]byte(nil), data...), 0x80)
	for len(message)%64 != 56 {
		message = append(message, 0)
	}

	message = binary.LittleEndian.AppendUint64(message, uint64(len(data))*8)
	chain := [5]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}
	for ; len(message) > 0; message = message[64:] {
		ripemdBlock(&chain, message[:64])
	}

	for index, word := range chain {
		binary.LittleEndian.PutUint32(sum[4*index:], word)
	}

	return sum
}

func ripemdBlock(chain *[5]uint32, block []byte) {
	var words [16]uint32
	for index := range words {
		words[index] = binary.LittleEndian.Uint32(block[4*index:])
	}

	left, right := *chain, *chain
	for step := 0; step < 80; step++ {
		round := step / 16
		ripemdStep(&left, round, words[ripemdLeftWord[step]]+ripemdLeftConstant[round], ripemdLeftShift[step])
		ripemdStep(&right, 4-round, words[ripemdRightWord[step]]+ripemdRightConstant[round], ripemdRightShift[step])
	}

	chain[0], chain[1], chain[2], chain[3], chain[4] =
		chain[1]+left[2]+right[3],
		chain[2]+left[3]+right[4],
		chain[3]+left[4]+right[0],
		chain[4]+left[0]+right[1],
		chain[0]+left[1]+right[2]
}

func ripemdStep(line *[5]uint32, function int, addend uint32, shift uint8) {
	b, c, d := line[1], line[2], line[3]
	var mixed uint32
	switch function {
	case 0:
		mixed = b ^ c ^ d
	case 1:
		mixed = b&c | ^b&d
	case 2:
		mixed = (b | ^c) ^ d
	case 3:
		mixed = b&d | c&^d
	default:
		mixed = b ^ (c | ^d)
	}

	sum := bits.RotateLeft32(line[0]+mixed+addend, int(shift)) + line[4]
	line[0], line[1], line[2], line[3], line[4] = line[4], sum, b, bits.RotateLeft32(c, 10), d
}
