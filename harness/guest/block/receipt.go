package block

import (
	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/state"
)

// Bloom is a filter of the addresses and topics of logs: 2,048 bits, the first byte holds the highest ones.
type Bloom [256]byte

// BloomKey is the places of the three bits that an address or a topic sets (Yellow Paper, 4.3.1, "Transaction Receipt").
type BloomKey [3]uint16

// NewBloomKey finds the bits of an address or a topic.
func NewBloomKey(data []byte) (key BloomKey) {
	hash := keccak.Sum(data)
	for index := range key {
		key[index] = (uint16(hash[2*index])<<8 | uint16(hash[2*index+1])) & 2047
	}

	return key
}

// IsIn tells whether a filter may hold an address or a topic; if not, no log has it.
func (key BloomKey) IsIn(bloom *Bloom) bool {
	for _, bit := range key {
		if bloom[255-bit/8]>>(bit%8)&1 == 0 {
			return false
		}
	}

	return true
}

func (bloom *Bloom) add(data []byte) {
	for _, bit := range NewBloomKey(data) {
		bloom[255-bit/8] |= 1 << (bit % 8)
	}
}

// bloomOf is the filter of some logs. Contracts write the same few topics again and again; each is hashed once.
func bloomOf(logs []state.Log) (bloom Bloom) {
	isAdded := map[string]bool{}
	add := func(data []byte) {
		if !isAdded[string(data)] {
			isAdded[string(data)] = true
			bloom.add(data)
		}
	}
	for index := range logs {
		add(logs[index].Address[:])
		for topic := range logs[index].Topics {
			add(logs[index].Topics[topic][:])
		}
	}

	return bloom
}

// depositReceiptVersion is that of Canyon (deposits.md, "Deposit Receipt").
const depositReceiptVersion = 1

// Receipt is what a block commits to about a transaction's outcome.
type Receipt struct {
	// Type is the transaction's.
	Type byte
	// Succeeded is the status (EIP-658).
	Succeeded bool
	// CumulativeGasUsed counts from the block's first transaction to this one.
	CumulativeGasUsed uint64
	// Bloom is the filter of the logs.
	Bloom Bloom
	// Logs are the transaction's events.
	Logs []state.Log
	// DepositNonce is the sender's nonce before a deposit.
	DepositNonce uint64
}

// NewReceipt makes the receipt of an outcome; the gas is that of the block so far.
func NewReceipt(kind byte, cumulativeGasUsed uint64, outcome *Outcome) *Receipt {
	return &Receipt{
		Type: kind, Succeeded: outcome.Succeeded, CumulativeGasUsed: cumulativeGasUsed,
		Bloom: bloomOf(outcome.Logs), Logs: outcome.Logs, DepositNonce: outcome.DepositNonce,
	}
}

// Encode writes the receipt as the trie holds it: the type byte, unless it is a legacy transaction's, and
// [status, cumulativeGasUsed, bloom, logs]; for deposits, since Canyon, followed by depositNonce and its version.
func (receipt *Receipt) Encode() []byte {
	logs := make([][]byte, len(receipt.Logs))
	for index := range logs {
		logs[index] = encodeLog(&receipt.Logs[index])
	}

	list := [][]byte{
		encodeBool(receipt.Succeeded), rlp.EncodeUint64(receipt.CumulativeGasUsed),
		rlp.EncodeBytes(receipt.Bloom[:]), rlp.EncodeList(logs...),
	}
	if receipt.Type == DepositType {
		list = append(list, rlp.EncodeUint64(receipt.DepositNonce), rlp.EncodeUint64(depositReceiptVersion))
	}

	encoded := rlp.EncodeList(list...)
	if receipt.Type != LegacyType {
		encoded = append([]byte{receipt.Type}, encoded...)
	}

	return encoded
}

func encodeLog(log *state.Log) []byte {
	topics := make([][]byte, len(log.Topics))
	for index := range topics {
		topics[index] = rlp.EncodeBytes(log.Topics[index][:])
	}

	return rlp.EncodeList(rlp.EncodeBytes(log.Address[:]), rlp.EncodeList(topics...), rlp.EncodeBytes(log.Data))
}

// DecodeReceipt reads a receipt of L1 or L2; what is left out of a deposit's receipt before Canyon is zero.
func DecodeReceipt(data []byte) (*Receipt, error) {
	receipt := &Receipt{}
	most := 4
	if len(data) > 0 && data[0] < 0xc0 {
		receipt.Type = data[0]
		data = data[1:]
		switch receipt.Type {
		case AccessListType, DynamicFeeType, BlobType, SetCodeType:
		case DepositType:
			most = 6
		default:
			return nil, ErrMalformed
		}
	}

	list := openFields(data, 4, most)
	receipt.Succeeded = list.bool()
	receipt.CumulativeGasUsed = list.uint64()
	list.exactly(receipt.Bloom[:])
	list.each(3, func(entry *fields) {
		log := state.Log{Address: entry.address()}
		topics := entry.sublist()
		for len(topics.items) > 0 && !topics.failed {
			log.Topics = append(log.Topics, topics.hash())
		}

		entry.failed = entry.failed || topics.failed || len(log.Topics) > 4
		log.Data = entry.bytes()
		receipt.Logs = append(receipt.Logs, log)
	})
	if receipt.Type == DepositType && len(list.items) > 0 {
		receipt.DepositNonce = list.uint64()
		list.failed = list.uint64() != depositReceiptVersion || list.failed
	}

	if !list.isComplete() {
		return nil, ErrMalformed
	}

	return receipt, nil
}
