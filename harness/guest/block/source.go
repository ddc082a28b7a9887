package block

import (
	"culverin/guest/keccak"
	"culverin/guest/oracle"
)

// oracleSource asks the host, with a hint before each question.
type oracleSource struct {
	oracle *oracle.Oracle
}

// NewSource takes everything from an oracle, which checks it.
func NewSource(oracle *oracle.Oracle) Source {
	return oracleSource{oracle}
}

func (source oracleSource) Node(hash keccak.Hash) []byte {
	return source.ask("l2-state-node", hash)
}

func (source oracleSource) Code(hash keccak.Hash) []byte {
	return source.ask("l2-code", hash)
}

func (source oracleSource) Header(hash keccak.Hash) []byte {
	return source.ask("l2-block-header", hash)
}

func (source oracleSource) ask(hint string, hash keccak.Hash) []byte {
	source.oracle.Hint(hint, hash[:])
	return source.oracle.Keccak(hash)
}
