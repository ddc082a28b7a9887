// The fault-proof program: runs in the virtual machine of a dispute game and decides whether the claimed
// L2 output root is right. Exit code 0: right. 1: wrong. 2: cannot be decided, because the host's data do
// not fit their names. See README.md.
package main

import (
	"syscall"

	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/rollup"
)

const (
	exitRight = 0
	exitWrong = 1
)

func main() {
	source := oracle.New(oracle.Channel{})
	claim := rollup.ReadClaim(source)
	verdict := rollup.Decide(source, claim)
	say("block " + decimal(verdict.Block) + ": right root " + hexadecimal(verdict.Root))
	if verdict.IsRight {
		say("the claim for block " + decimal(claim.ClaimedBlock) + " is right")
		syscall.Exit(exitRight)
	}

	say("the claim for block " + decimal(claim.ClaimedBlock) + " is wrong: " + hexadecimal(claim.ClaimedRoot))
	syscall.Exit(exitWrong)
}

func say(line string) {
	// Nobody has to listen.
	_, _ = syscall.Write(1, []byte(line+"\n"))
}

func decimal(value uint64) string {
	digits := []byte{byte('0' + value%10)}
	for value /= 10; value > 0; value /= 10 {
		digits = append([]byte{byte('0' + value%10)}, digits...)
	}

	return string(digits)
}

func hexadecimal(hash keccak.Hash) string {
	const digits = "0123456789abcdef"
	text := []byte("0x")
	for _, octet := range hash {
		text = append(text, digits[octet>>4], digits[octet&15])
	}

	return string(text)
}
