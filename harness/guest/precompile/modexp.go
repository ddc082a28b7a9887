package precompile

import "math/big"

// modExpHead: the lengths of base, exponent and modulus, 32 bytes each (EIP-198).
const modExpHead = 96

var big8, big32 = big.NewInt(8), big.NewInt(32)

func modExpLengths(input []byte) (base, exponent, modulus *big.Int) {
	head := padded(input, 0, modExpHead)
	return new(big.Int).SetBytes(head[:32]), new(big.Int).SetBytes(head[32:64]), new(big.Int).SetBytes(head[64:])
}

// modExpGas follows EIP-2565: max(200, multiplication complexity · iterations / 3).
func modExpGas(input []byte) (uint64, bool) {
	base, exponent, modulus := modExpLengths(input)
	words := new(big.Int).Set(base)
	if modulus.Cmp(words) > 0 {
		words.Set(modulus)
	}

	words.Add(words, big.NewInt(7)).Div(words, big8)
	cost := new(big.Int).Mul(words, words)
	cost.Mul(cost, modExpIterations(input, base, exponent)).Div(cost, big.NewInt(3))
	if !cost.IsUint64() {
		return 0, false
	}

	if cost.Uint64() < 200 {
		return 200, true
	}

	return cost.Uint64(), true
}

// modExpIterations: the bits behind the highest one of the exponent's first 32 bytes, and eight for each further byte.
func modExpIterations(input []byte, base, exponent *big.Int) *big.Int {
	length := 32
	iterations := new(big.Int)
	if exponent.Cmp(big32) <= 0 {
		length = int(exponent.Int64())
	} else {
		iterations.Sub(exponent, big32).Mul(iterations, big8)
	}

	first := new(big.Int)
	if offset := new(big.Int).Add(base, big.NewInt(modExpHead)); offset.IsInt64() && offset.Int64() < int64(len(input)) {
		first.SetBytes(padded(input, int(offset.Int64()), length))
	}

	if bits := first.BitLen(); bits > 1 {
		iterations.Add(iterations, big.NewInt(int64(bits-1)))
	}

	if iterations.Sign() == 0 {
		return iterations.SetInt64(1)
	}

	return iterations
}

// modExp computes base to the power of exponent, modulo modulus (EIP-198). The gas has been paid, which bounds all
// lengths that matter.
func modExp(input []byte) ([]byte, error) {
	baseLength, exponentLength, modulusLength := modExpLengths(input)
	if modulusLength.Sign() == 0 {
		return nil, nil
	}

	// A product of lengths was paid for, so none of these is long; an exponent of a zero base can be, but is never read
	// behind the input.
	length := int(modulusLength.Int64())
	base, offset := modExpNumber(input, modExpHead, baseLength)
	exponent, offset := modExpNumber(input, offset, exponentLength)
	modulus, _ := modExpNumber(input, offset, modulusLength)
	output := make([]byte, length)
	if modulus.BitLen() <= 1 {
		// Nothing is left over modulo one; modulo zero is zero by definition.
		return output, nil
	}

	return base.Exp(base, exponent, modulus).FillBytes(output), nil
}

// modExpNumber reads a number; the bytes that lie behind the input's end are zeros.
func modExpNumber(input []byte, offset int, length *big.Int) (number *big.Int, end int) {
	number = new(big.Int)
	if offset >= len(input) {
		return number, len(input)
	}

	rest := len(input) - offset
	if length.Cmp(big.NewInt(int64(rest))) <= 0 {
		end = offset + int(length.Int64())
		return number.SetBytes(input[offset:end]), end
	}

	missing := new(big.Int).Sub(length, big.NewInt(int64(rest)))
	number.SetBytes(input[offset:])
	if number.Sign() != 0 {
		number.Lsh(number, uint(missing.Uint64())*8)
	}

	return number, len(input)
}
