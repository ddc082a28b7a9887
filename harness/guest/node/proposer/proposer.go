// Package proposer claims output roots of an L2 in dispute games on L1. It proposes by the safe head only: what follows
// from L1's data.
package proposer

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"culverin/guest/block"
	"culverin/guest/chain"
	"culverin/guest/keccak"
	"culverin/guest/node/client"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/sender"
	"culverin/guest/u256"
)

// Options are what a proposer claims, and when.
type Options struct {
	// Factory is the DisputeGameFactory, GameType the kind of game.
	Factory  block.Address
	GameType uint32
	// Every is how many L2 blocks there are between two proposals at least.
	Every uint64
	// Poll is the time between two looks at the chain.
	Poll time.Duration
}

// Proposer proposes for one chain.
type Proposer struct {
	l1, l2  *client.Client
	sender  *sender.Sender
	options Options
	log     func(form string, arguments ...interface{})

	last uint64
}

// New proposes what the node l2 derived from L1.
func New(
	l1, l2 *client.Client, account *sender.Sender, options Options, log func(form string, arguments ...interface{}),
) *Proposer {
	return &Proposer{l1: l1, l2: l2, sender: account, options: options, log: log}
}

// Run proposes until the context ends.
func (proposer *Proposer) Run(ctx context.Context) error {
	for {
		if _, err := proposer.Step(ctx); err != nil && ctx.Err() == nil {
			proposer.log("proposer: %v", err)
		}

		select {
		case <-ctx.Done():
			return nil
		case <-time.After(proposer.options.Poll):
		}
	}
}

type output struct {
	Root  hexjson.Hash `json:"outputRoot"`
	State hexjson.Hash `json:"stateRoot"`
	Pass  hexjson.Hash `json:"withdrawalStorageRoot"`
	Block struct {
		Hash   hexjson.Hash `json:"hash"`
		Number uint64       `json:"number"`
	} `json:"blockRef"`
}

// Step proposes the safe head, if that is far enough ahead of the last proposal; it returns where the proposal stands,
// nil if there was none.
func (proposer *Proposer) Step(ctx context.Context) (*sender.Inclusion, error) {
	var status struct {
		Safe struct {
			Hash   hexjson.Hash `json:"hash"`
			Number uint64       `json:"number"`
		} `json:"safe_l2"`
	}
	if err := proposer.l2.Call(ctx, &status, "optimism_syncStatus"); err != nil {
		return nil, err
	}

	number := status.Safe.Number
	if number == 0 || number < proposer.last+proposer.options.Every {
		return nil, nil
	}

	var claimed output
	if err := proposer.l2.Call(ctx, &claimed, "optimism_outputAtBlock", hexjson.Quantity(number)); err != nil {
		return nil, err
	}

	root := chain.Output{
		StateRoot: keccak.Hash(claimed.State), MessagePasserRoot: keccak.Hash(claimed.Pass),
		Block: keccak.Hash(claimed.Block.Hash),
	}.Root()
	if root != keccak.Hash(claimed.Root) || claimed.Block.Number != number || claimed.Block.Hash != status.Safe.Hash {
		return nil, errors.New("the node's output root is not that of its safe head: nothing is proposed")
	}

	return proposer.propose(ctx, number, root)
}

// selector begins a call of a function.
func selector(signature string) []byte {
	hash := keccak.Sum([]byte(signature))
	return hash[:4]
}

func word(value uint64) []byte {
	return binary.BigEndian.AppendUint64(make([]byte, 24), value)
}

// arguments are (uint32 gameType, bytes32 rootClaim, bytes extraData), the last of which is the block's number.
func (proposer *Proposer) arguments(number uint64, root keccak.Hash) []byte {
	data := append(word(uint64(proposer.options.GameType)), root[:]...)
	data = append(append(data, word(3*32)...), word(32)...)
	return append(data, word(number)...)
}

func (proposer *Proposer) propose(ctx context.Context, number uint64, root keccak.Hash) (*sender.Inclusion, error) {
	arguments := proposer.arguments(number, root)
	found, err := proposer.ask(ctx, append(selector("games(uint32,bytes32,bytes)"), arguments...), 2*32)
	if err != nil {
		return nil, err
	}

	var game u256.Int
	game.SetBytes(found[:32])
	if !game.IsZero() {
		proposer.last = number
		return nil, nil
	}

	bond, err := proposer.ask(ctx, append(selector("initBonds(uint32)"), word(uint64(proposer.options.GameType))...), 32)
	if err != nil {
		return nil, err
	}

	message := &sender.Message{
		To: proposer.options.Factory, Data: append(selector("create(uint32,bytes32,bytes)"), arguments...),
	}
	message.Value.SetBytes(bond)
	included, err := proposer.sender.Send(ctx, message)
	if err != nil {
		return nil, err
	}

	if !included.Succeeded {
		return included, fmt.Errorf("the proposal of block %d failed in transaction 0x%x", number, included.Transaction)
	}

	proposer.last = number
	proposer.log("proposer: block %d, output root 0x%x, in L1 block %d", number, root, included.BlockNumber)
	return included, nil
}

// ask calls the factory; the answer has exactly this many bytes.
func (proposer *Proposer) ask(ctx context.Context, data []byte, length int) ([]byte, error) {
	var answer hexjson.Bytes
	call := map[string]interface{}{"to": hexjson.Address(proposer.options.Factory), "data": hexjson.Bytes(data)}
	if err := proposer.l1.Call(ctx, &answer, "eth_call", call, "latest"); err != nil {
		return nil, err
	}

	if len(answer) != length {
		return nil, fmt.Errorf("the factory answered %d bytes where %d belong", len(answer), length)
	}

	return answer, nil
}
