package precompile

import "culverin/guest/u256"

// bnElement is a number modulo the prime of BN254 in Montgomery form.
type bnElement = u256.Int

// bnField computes modulo the prime (EIP-196):
// 21888242871839275222246405745257275088696311157297823662689037894645226208583.
var bnField = u256.NewField(
	u256.Int{0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029},
	u256.Int{0xf32cfc5b538afa89, 0xb5e71911d44501fb, 0x47ab1eff0a417ff6, 0x06d89f71cab8351f},
)

// bnOne is one, and bnThree the constant of the curve y² = x³ + 3: 2^256 and three times that, modulo the prime.
var (
	bnOne   = bnElement{0xd35d438dc58f0d9d, 0x0a78eb28f5c70b3d, 0x666ea36f7879462c, 0x0e0a77c19a07df2f}
	bnThree = bnElement{0x7a17caa950ad28d7, 0x1f6ac17ae15521b9, 0x334bea4e696bd284, 0x2a1f6744ce179d8e}
)

// bnDecode reads 32 bytes; false if the number is not below the prime.
func bnDecode(data []byte) (value bnElement, isBelow bool) {
	var word [u256.Bytes]byte
	copy(word[:], data)
	value.LoadBytes32(&word)
	isBelow = bnField.Enter(&value, &value)
	return value, isBelow
}

// bnEncode appends 32 bytes.
func bnEncode(data []byte, value *bnElement) []byte {
	var plain u256.Int
	bnField.Leave(&plain, value)
	octets := plain.Bytes32()
	return append(data, octets[:]...)
}

func bnAdd(left, right *bnElement) (sum bnElement) {
	bnField.Add(&sum, left, right)
	return sum
}

func bnSubtract(left, right *bnElement) (difference bnElement) {
	bnField.Subtract(&difference, left, right)
	return difference
}

func bnMultiply(left, right *bnElement) (product bnElement) {
	bnField.Multiply(&product, left, right)
	return product
}

func bnTwice(value *bnElement) bnElement {
	return bnAdd(value, value)
}
