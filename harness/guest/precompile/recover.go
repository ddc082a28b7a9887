package precompile

// recoverAddress is the contract of ECDSA recovery.
var recoverAddress = Address{19: numberRecover}

// recoverGas is what it costs, and what a program asks L1 with.
const recoverGas = 3000

// The order of secp256k1 and its half, big-endian.
var (
	order = [32]byte{
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
		0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41}
	halfOrder = [32]byte{
		0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0}
)

// Recover returns the account that signed a hash; false if the signature is none. The second half of the possible s is
// refused where isLowS is set: in transactions (EIP-2) and authorizations (EIP-7702), not in the contract.
func Recover(hash [32]byte, r, s [32]byte, isOddY, isLowS bool) (signer Address, found bool) {
	if isLowS && isAbove(&s, &halfOrder) {
		return Address{}, false
	}

	var input [128]byte
	copy(input[:], hash[:])
	input[63] = 27
	if isOddY {
		input[63] = 28
	}

	copy(input[64:], r[:])
	copy(input[96:], s[:])
	output, err := recoverSigner(input[:])
	if err != nil || len(output) == 0 {
		return Address{}, false
	}

	copy(signer[:], output[12:])
	return signer, true
}

// recoverSigner is the contract: hash, v, r and s of 32 bytes each. No valid signature gives no output
// (Yellow Paper, appendix E). What can be no signature is not worth a question to L1.
func recoverSigner(input []byte) ([]byte, error) {
	var r, s, zero [32]byte
	question := padded(input, 0, 128)
	copy(r[:], question[64:])
	copy(s[:], question[96:])
	for _, octet := range question[32:63] {
		if octet != 0 {
			return nil, nil
		}
	}

	if v := question[63]; v != 27 && v != 28 || r == zero || s == zero || !isAbove(&order, &r) || !isAbove(&order, &s) {
		return nil, nil
	}

	output, err := ask(recoverAddress, recoverGas, question, []int{0, 32})
	if err != nil || len(output) == 32 && string(output[:12]) != string(zero[:12]) {
		// The contract never fails, and an address has 20 bytes.
		remote.Malformed(recoverAddress)
	}

	return output, nil
}

func isAbove(left, right *[32]byte) bool {
	for index := range left {
		if left[index] != right[index] {
			return left[index] > right[index]
		}
	}

	return false
}
