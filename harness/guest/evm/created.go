//go:build !mips && !mips64

package evm

// CreatedAddress is the address of what an account creates by its nonce, for programs that show receipts.
func CreatedAddress(creator *Address, nonce uint64) Address {
	return createdAddress(creator, nonce)
}
