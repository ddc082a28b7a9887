package forms

import (
	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/hexjson"
	"culverin/guest/state"
)

// Log is an event.
type Log struct {
	Address         hexjson.Address  `json:"address"`
	Topics          []hexjson.Hash   `json:"topics"`
	Data            hexjson.Bytes    `json:"data"`
	BlockHash       hexjson.Hash     `json:"blockHash"`
	BlockNumber     hexjson.Quantity `json:"blockNumber"`
	BlockTimestamp  hexjson.Quantity `json:"blockTimestamp"`
	TransactionHash hexjson.Hash     `json:"transactionHash"`
	Index           hexjson.Quantity `json:"transactionIndex"`
	LogIndex        hexjson.Quantity `json:"logIndex"`
	IsRemoved       bool             `json:"removed"`
}

// Receipt is a transaction's outcome, with what op-geth adds about L1 and deposits.
type Receipt struct {
	Type              hexjson.Quantity `json:"type"`
	Status            hexjson.Quantity `json:"status"`
	CumulativeGasUsed hexjson.Quantity `json:"cumulativeGasUsed"`
	Bloom             hexjson.Bytes    `json:"logsBloom"`
	Logs              []*Log           `json:"logs"`
	TransactionHash   hexjson.Hash     `json:"transactionHash"`
	Index             hexjson.Quantity `json:"transactionIndex"`
	BlockHash         hexjson.Hash     `json:"blockHash"`
	BlockNumber       hexjson.Quantity `json:"blockNumber"`
	GasUsed           hexjson.Quantity `json:"gasUsed"`
	EffectiveGasPrice hexjson.Word     `json:"effectiveGasPrice"`
	From              hexjson.Address  `json:"from"`
	To                *hexjson.Address `json:"to"`
	ContractAddress   *hexjson.Address `json:"contractAddress"`

	L1Fee               *hexjson.Word     `json:"l1Fee,omitempty"`
	L1GasPrice          *hexjson.Word     `json:"l1GasPrice,omitempty"`
	L1BlobBaseFee       *hexjson.Word     `json:"l1BlobBaseFee,omitempty"`
	L1BaseFeeScalar     *hexjson.Quantity `json:"l1BaseFeeScalar,omitempty"`
	L1BlobBaseFeeScalar *hexjson.Quantity `json:"l1BlobBaseFeeScalar,omitempty"`
	OperatorFeeScalar   *hexjson.Quantity `json:"operatorFeeScalar,omitempty"`
	OperatorFeeConstant *hexjson.Quantity `json:"operatorFeeConstant,omitempty"`

	DepositNonce          *hexjson.Quantity `json:"depositNonce,omitempty"`
	DepositReceiptVersion *hexjson.Quantity `json:"depositReceiptVersion,omitempty"`
}

// logForm is what a log needs of its form to be read: nodes write the rest in ways of their own.
type logForm struct {
	Address hexjson.Address `json:"address"`
	Topics  []hexjson.Hash  `json:"topics"`
	Data    hexjson.Bytes   `json:"data"`
}

// ConsensusReceipt is what a receipt's trie entry is made of.
type ConsensusReceipt struct {
	Type              hexjson.Quantity  `json:"type"`
	Status            *hexjson.Quantity `json:"status"`
	CumulativeGasUsed hexjson.Quantity  `json:"cumulativeGasUsed"`
	Bloom             hexjson.Bytes     `json:"logsBloom"`
	Logs              []logForm         `json:"logs"`
}

// Read makes a receipt of L1 again; the caller compares it with the block's root.
func (form *ConsensusReceipt) Read() (*block.Receipt, error) {
	receipt := &block.Receipt{Type: byte(form.Type), CumulativeGasUsed: uint64(form.CumulativeGasUsed)}
	if uint64(form.Type) > block.SetCodeType || form.Status == nil || *form.Status > 1 ||
		len(form.Bloom) != len(receipt.Bloom) {
		return nil, ErrForm
	}

	receipt.Succeeded = *form.Status == 1
	copy(receipt.Bloom[:], form.Bloom)
	for _, each := range form.Logs {
		log := state.Log{Address: block.Address(each.Address), Data: each.Data}
		for _, topic := range each.Topics {
			log.Topics = append(log.Topics, keccak.Hash(topic))
		}

		receipt.Logs = append(receipt.Logs, log)
	}

	return receipt, nil
}
