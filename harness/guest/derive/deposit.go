package derive

import (
	"encoding/binary"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/state"
)

// depositEvent is TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes
// opaqueData) of the deposit contract, OptimismPortal (deposits.md, "Deposit Contract").
var depositEvent = keccak.Sum([]byte("TransactionDeposited(address,address,uint256,bytes)"))

// opaqueHeadBytes: opaqueData is mint (32) ‖ value (32) ‖ gas limit (8) ‖ is creation (1) ‖ data.
const opaqueHeadBytes = 32 + 32 + 8 + 1

// indexedSource is the source hash of what a number in an L1 block identifies.
func indexedSource(domain block.SourceDomain, l1Block keccak.Hash, index uint64) keccak.Hash {
	var number [wordBytes]byte
	binary.BigEndian.PutUint64(number[wordBytes-8:], index)
	return block.SourceHash(domain, keccak.Sum(l1Block[:], number[:]))
}

// UserSource is the source hash of a deposit by the log with this index among all logs of an L1 block.
func UserSource(l1Block keccak.Hash, logIndex uint64) keccak.Hash {
	return indexedSource(block.UserSource, l1Block, logIndex)
}

// AttributesSource is the source hash of the L1 attributes deposit of the L2 block with this place in its epoch.
func AttributesSource(l1Block keccak.Hash, sequenceNumber uint64) keccak.Hash {
	return indexedSource(block.AttributesSource, l1Block, sequenceNumber)
}

// decodeDeposit reads a log of version 0.
func decodeDeposit(log *state.Log) (*block.Transaction, error) {
	content, isRight := soleBytes(log.Data)
	switch {
	case len(log.Topics) != 4 || !isRight || len(content) < opaqueHeadBytes:
		return nil, malformed("a deposit's log is malformed")
	case log.Topics[3] != keccak.Hash{}:
		return nil, malformed("a deposit's log is of an unknown version")
	case !isZero(log.Topics[1][:wordBytes-len(block.Address{})]) || !isZero(log.Topics[2][:wordBytes-len(block.Address{})]):
		return nil, malformed("an address in a deposit's log is malformed")
	}

	deposit := &block.Transaction{Type: block.DepositType, Data: content[opaqueHeadBytes:]}
	copy(deposit.From[:], log.Topics[1][wordBytes-len(deposit.From):])
	deposit.Mint.SetBytes(content[:32])
	deposit.Value.SetBytes(content[32:64])
	deposit.GasLimit = binary.BigEndian.Uint64(content[64:])
	switch content[opaqueHeadBytes-1] {
	case 0:
		to := block.Address{}
		copy(to[:], log.Topics[2][wordBytes-len(to):])
		deposit.To = &to
	case 1:
	default:
		return nil, malformed("a deposit's log does not say whether it creates a contract")
	}

	return deposit, nil
}
