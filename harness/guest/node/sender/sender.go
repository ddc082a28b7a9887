// Package sender brings transactions onto L1: it signs them, raises their fees until they are in a block, and says which
// block that was. One transaction is under way at a time, so that they come in the order in which they were given.
package sender

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/node/client"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/rpc"
	"culverin/guest/secp256k1"
	"culverin/guest/u256"
)

// Options are how hard a sender tries.
type Options struct {
	// Poll is the time between two looks for a receipt.
	Poll time.Duration
	// Raise is how long a transaction may wait before its fees are raised.
	Raise time.Duration
	// FeeCapMax is the highest price of a unit of gas, in wei; zero for none.
	FeeCapMax uint64
	// Confirmations is how many blocks, its own included, must hold a transaction.
	Confirmations uint64
}

// Usual are options for a chain with blocks every few seconds.
var Usual = Options{Poll: time.Second, Raise: 30 * time.Second, Confirmations: 1}

// Message is what is sent.
type Message struct {
	To    block.Address
	Value u256.Int
	Data  []byte
	// Blobs are sent by a transaction of type 3; without any it is one of type 2.
	Blobs []*Blob
}

// Inclusion is where a transaction stands.
type Inclusion struct {
	Transaction keccak.Hash
	BlockNumber uint64
	BlockHash   keccak.Hash
	Succeeded   bool
}

// Sender sends from one account.
type Sender struct {
	node    *client.Client
	key     *secp256k1.PrivateKey
	chainID uint64
	options Options
}

// New sends from a key's account on a chain.
func New(node *client.Client, key *secp256k1.PrivateKey, chainID uint64, options Options) *Sender {
	return &Sender{node, key, chainID, options}
}

// Address is the account.
func (sender *Sender) Address() block.Address {
	return block.Address(sender.key.Address())
}

// ErrFeeCap says that the market's price is above the highest that may be paid. Nothing was sent at that price.
var ErrFeeCap = errors.New("sender: the price of gas is above the highest that may be paid")

// bumpPercent is how much higher the fees of a replacement are; nodes want 10 at least, and twice the fees of a
// transaction with blobs.
const (
	bumpPercent     = 15
	bumpPercentBlob = 100
)

// fees are what a transaction offers, in wei for a unit of gas, and of blob gas.
type fees struct {
	cap, tip, blob uint64
}

// raised are fees that a node takes in the place of these ones.
func (before fees) raised(percent uint64, market fees) fees {
	raise := func(value, market uint64) uint64 {
		if value += value*percent/100 + 1; value < market {
			return market
		}

		return value
	}
	return fees{raise(before.cap, market.cap), raise(before.tip, market.tip), raise(before.blob, market.blob)}
}

// attempt is a transaction of which several versions may be on their way.
type attempt struct {
	message *Message
	nonce   uint64
	gas     uint64
	fees    fees
	sent    []keccak.Hash
}

// Send returns when the message is in a block that enough others follow. A *rpc.Error says that the node refuses it, as
// when it would revert; after an error of the context it may still come into a block.
func (sender *Sender) Send(ctx context.Context, message *Message) (*Inclusion, error) {
	attempt, err := sender.prepare(ctx, message)
	if err != nil {
		return nil, err
	}

	raised := time.Now()
	if err := sender.submit(ctx, attempt); err != nil {
		return nil, err
	}

	for {
		included, err := sender.look(ctx, attempt)
		if included != nil {
			return included, nil
		}

		if err != nil && ctx.Err() != nil {
			return nil, ctx.Err()
		}

		if time.Since(raised) >= sender.options.Raise {
			raised = time.Now()
			if err := sender.raise(ctx, attempt); err != nil && ctx.Err() != nil {
				return nil, err
			}
		}

		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(sender.options.Poll):
		}
	}
}

func (sender *Sender) prepare(ctx context.Context, message *Message) (*attempt, error) {
	var nonce, gas hexjson.Quantity
	from := sender.Address()
	if err := sender.node.Call(ctx, &nonce, "eth_getTransactionCount", hexjson.Address(from), "latest"); err != nil {
		return nil, err
	}

	call := map[string]interface{}{
		"from": hexjson.Address(from), "to": hexjson.Address(message.To), "value": hexjson.Word(message.Value),
		"data": hexjson.Bytes(message.Data),
	}
	if err := sender.node.Call(ctx, &gas, "eth_estimateGas", call); err != nil {
		return nil, err
	}

	prepared := &attempt{message: message, nonce: uint64(nonce), gas: uint64(gas) + uint64(gas)/5}
	market, err := sender.market(ctx, message)
	prepared.fees = market
	return prepared, err
}

// market is what the next blocks ask for.
func (sender *Sender) market(ctx context.Context, message *Message) (fees, error) {
	var tip hexjson.Quantity
	if err := sender.node.Call(ctx, &tip, "eth_maxPriorityFeePerGas"); err != nil {
		return fees{}, err
	}

	var head struct {
		BaseFee hexjson.Quantity `json:"baseFeePerGas"`
	}
	if err := sender.node.Call(ctx, &head, "eth_getBlockByNumber", "latest", false); err != nil {
		return fees{}, err
	}

	if tip == 0 {
		tip = 1
	}

	offered := fees{cap: 2*uint64(head.BaseFee) + uint64(tip), tip: uint64(tip)}
	if most := sender.options.FeeCapMax; most > 0 && offered.cap > most {
		return fees{}, ErrFeeCap
	}

	if len(message.Blobs) > 0 {
		var err error
		if offered.blob, err = sender.blobMarket(ctx); err != nil {
			return fees{}, err
		}
	}

	return offered, nil
}

// submit signs the attempt with its present fees and sends it. What a node already knows was sent.
func (sender *Sender) submit(ctx context.Context, attempt *attempt) error {
	to := attempt.message.To
	transaction := &block.Transaction{
		Type: block.DynamicFeeType, ChainID: sender.chainID, HasChainID: true, Nonce: attempt.nonce,
		FeeCap: u256.New(attempt.fees.cap), TipCap: u256.New(attempt.fees.tip), GasLimit: attempt.gas, To: &to,
		Value: attempt.message.Value, Data: attempt.message.Data,
	}
	blobs := attempt.message.Blobs
	if len(blobs) > 0 {
		transaction.Type, transaction.BlobFeeCap = block.BlobType, u256.New(attempt.fees.blob)
		for _, each := range blobs {
			transaction.BlobHashes = append(transaction.BlobHashes, each.Hash)
		}
	}

	encoded, err := Sign(sender.key, transaction)
	if err != nil {
		return err
	}

	attempt.sent = append(attempt.sent, keccak.Sum(encoded))
	if len(blobs) > 0 {
		sidecar := sidecarOf(blobs)
		encoded = sidecar.Wrap(encoded)
	}

	var hash hexjson.Hash
	err = sender.node.Call(ctx, &hash, "eth_sendRawTransaction", hexjson.Bytes(encoded))
	var refused *rpc.Error
	if errors.As(err, &refused) && isKnown(refused.Message) {
		return nil
	}

	return err
}

// isKnown: the transaction, or another version of it, is on its way or in a block already.
func isKnown(message string) bool {
	message = strings.ToLower(message)
	for _, known := range []string{"already known", "already imported", "nonce too low"} {
		if strings.Contains(message, known) {
			return true
		}
	}

	return false
}

// raise sends the attempt again with higher fees.
func (sender *Sender) raise(ctx context.Context, attempt *attempt) error {
	market, err := sender.market(ctx, attempt.message)
	if err != nil {
		return err
	}

	percent := uint64(bumpPercent)
	if len(attempt.message.Blobs) > 0 {
		percent = bumpPercentBlob
	}

	next := attempt.fees.raised(percent, market)
	if most := sender.options.FeeCapMax; most > 0 && next.cap > most {
		return ErrFeeCap
	}

	attempt.fees = next
	return sender.submit(ctx, attempt)
}

type receiptForm struct {
	BlockHash   hexjson.Hash     `json:"blockHash"`
	BlockNumber hexjson.Quantity `json:"blockNumber"`
	Status      hexjson.Quantity `json:"status"`
}

// look searches for any version of the attempt.
func (sender *Sender) look(ctx context.Context, attempt *attempt) (*Inclusion, error) {
	for _, hash := range attempt.sent {
		included, err := Look(ctx, sender.node, hash)
		if err != nil {
			return nil, err
		}

		if included == nil {
			continue
		}

		var head hexjson.Quantity
		if err := sender.node.Call(ctx, &head, "eth_blockNumber"); err != nil {
			return nil, err
		}

		if uint64(head)+1 >= included.BlockNumber+sender.options.Confirmations {
			return included, nil
		}
	}

	return nil, nil
}

// Look asks a node where a transaction stands; nil if in no block.
func Look(ctx context.Context, node *client.Client, hash keccak.Hash) (*Inclusion, error) {
	var receipt *receiptForm
	err := node.Call(ctx, &receipt, "eth_getTransactionReceipt", hexjson.Hash(hash))
	if err != nil || receipt == nil {
		return nil, err
	}

	return &Inclusion{
		Transaction: hash, BlockNumber: uint64(receipt.BlockNumber), BlockHash: keccak.Hash(receipt.BlockHash),
		Succeeded: receipt.Status == 1,
	}, nil
}

// Sign fills in a transaction's signature and returns its encoding.
func Sign(key *secp256k1.PrivateKey, transaction *block.Transaction) ([]byte, error) {
	unsigned, err := block.Decode(transaction.Encode())
	if err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}

	transaction.SigningHash = unsigned.SigningHash
	transaction.IsOddY, transaction.R, transaction.S = key.Sign(unsigned.SigningHash)
	return transaction.Encode(), nil
}
