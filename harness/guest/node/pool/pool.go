// Package pool keeps transactions that wait for a block. It is bounded whoever sends what: the number of transactions in
// all and of one sender, their bytes, and how far a nonce may be ahead.
package pool

import (
	"errors"
	"fmt"
	"sync"

	"culverin/guest/block"
	"culverin/guest/keccak"
	"culverin/guest/u256"
)

// Bounds of the pool.
const (
	// transactionsMax is how many wait at most; senderMax of one sender.
	transactionsMax = 8192
	senderMax       = 128
	// bytesMax bounds all of them together, transactionBytesMax each.
	bytesMax            = 64 << 20
	transactionBytesMax = 128 << 10
	// nonceAheadMax is how far a nonce may be above the sender's.
	nonceAheadMax = 128
	// bumpPercent is how much more a replacement must pay.
	bumpPercent = 10
)

// Reasons to refuse a transaction, besides those of the rules.
var (
	ErrKnown       = errors.New("already known")
	ErrNonceTooLow = errors.New("nonce too low")
	ErrNonceAhead  = errors.New("nonce too far ahead of the sender's")
	ErrUnderpriced = fmt.Errorf("replacement transaction underpriced: both fees must be %d %% higher", bumpPercent)
	ErrFull        = errors.New("the transaction pool is full")
	ErrSenderFull  = errors.New("too many transactions of this sender wait already")
	ErrTooLong     = fmt.Errorf("a transaction has more than %d bytes", transactionBytesMax)
	ErrType        = errors.New("transactions of this type are not taken")
)

// Entry is a transaction that waits.
type Entry struct {
	Hash        keccak.Hash
	Transaction *block.Transaction
	Sender      block.Address
}

// Pool has the transactions. It may be used by many goroutines.
type Pool struct {
	mutex   sync.Mutex
	hashes  map[keccak.Hash]*Entry
	senders map[block.Address]map[uint64]*Entry
	size    int
}

// New is empty.
func New() *Pool {
	return &Pool{hashes: map[keccak.Hash]*Entry{}, senders: map[block.Address]map[uint64]*Entry{}}
}

// Decode reads a transaction that somebody sent, and finds out who signed it.
func Decode(encoded []byte) (*Entry, error) {
	if len(encoded) > transactionBytesMax {
		return nil, ErrTooLong
	}

	transaction, err := block.Decode(encoded)
	if err != nil {
		return nil, err
	}

	if transaction.IsDeposit() || transaction.Type == block.BlobType {
		return nil, ErrType
	}

	sender, err := block.Sender(transaction)
	if err != nil {
		return nil, err
	}

	return &Entry{keccak.Sum(encoded), transaction, sender}, nil
}

// Add takes a transaction in, if it could stand in a block on the state of the context when those before it by nonce do.
// The context must be fresh, and is used up. Replaced is the transaction whose place it took, nil if none.
func (pool *Pool) Add(context *block.Context, entry *Entry) (replaced *Entry, err error) {
	nonce := context.Machine.State.Nonce(entry.Sender)
	switch {
	case entry.Transaction.Nonce < nonce:
		return nil, ErrNonceTooLow
	case entry.Transaction.Nonce-nonce > nonceAheadMax:
		return nil, ErrNonceAhead
	}

	// The base fee changes; a transaction below it waits. So does one whose nonce is ahead.
	context.Machine.Block.BaseFee.Clear()
	context.Machine.State.BeginTransaction()
	context.Machine.State.SetNonce(entry.Sender, entry.Transaction.Nonce)
	if err := block.Check(context, entry.Transaction, entry.Sender); err != nil {
		return nil, err
	}

	return pool.insert(entry)
}

func (pool *Pool) insert(entry *Entry) (replaced *Entry, err error) {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	if pool.hashes[entry.Hash] != nil {
		return nil, ErrKnown
	}

	list := pool.senders[entry.Sender]
	replaced = list[entry.Transaction.Nonce]
	switch {
	case replaced != nil && !isBumped(entry.Transaction, replaced.Transaction):
		return nil, ErrUnderpriced
	case replaced != nil:
		pool.remove(replaced)
		list = pool.senders[entry.Sender]
	case len(list) >= senderMax:
		return nil, ErrSenderFull
	case len(pool.hashes) >= transactionsMax || pool.size+len(entry.Transaction.Encoded) > bytesMax:
		return nil, ErrFull
	}

	if list == nil {
		list = map[uint64]*Entry{}
		pool.senders[entry.Sender] = list
	}

	list[entry.Transaction.Nonce] = entry
	pool.hashes[entry.Hash] = entry
	pool.size += len(entry.Transaction.Encoded)
	return replaced, nil
}

// isBumped: both fees are at least bumpPercent higher.
func isBumped(now, before *block.Transaction) bool {
	return isHigher(&now.FeeCap, &before.FeeCap) && isHigher(&now.TipCap, &before.TipCap)
}

func isHigher(now, before *u256.Int) bool {
	hundred, percent := u256.New(100), u256.New(100+bumpPercent)
	var left, right u256.Int
	if right.MulOverflow(before, &percent) || left.MulOverflow(now, &hundred) {
		return false
	}

	return !left.IsBelow(&right) && before.IsBelow(now)
}

func (pool *Pool) remove(entry *Entry) {
	delete(pool.hashes, entry.Hash)
	pool.size -= len(entry.Transaction.Encoded)
	list := pool.senders[entry.Sender]
	delete(list, entry.Transaction.Nonce)
	if len(list) == 0 {
		delete(pool.senders, entry.Sender)
	}
}

// Remove takes transactions out, if they are there.
func (pool *Pool) Remove(hashes ...keccak.Hash) {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	for _, hash := range hashes {
		if entry := pool.hashes[hash]; entry != nil {
			pool.remove(entry)
		}
	}
}

// Get returns a transaction that waits, nil if it does not.
func (pool *Pool) Get(hash keccak.Hash) *Entry {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	return pool.hashes[hash]
}

// NextNonce is the nonce behind the transactions of a sender that follow its nonce in the state without a gap.
func (pool *Pool) NextNonce(sender block.Address, nonce uint64) uint64 {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	for pool.senders[sender][nonce] != nil {
		nonce++
	}

	return nonce
}

// Prune takes out what can never stand in a block any more: nonces below the sender's. It returns their hashes.
func (pool *Pool) Prune(nonceOf func(block.Address) uint64) (gone []keccak.Hash) {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	for sender, list := range pool.senders {
		nonce := nonceOf(sender)
		for each, entry := range list {
			if each < nonce {
				gone = append(gone, entry.Hash)
				pool.remove(entry)
			}
		}
	}

	return gone
}

// Count is how many transactions wait.
func (pool *Pool) Count() int {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	return len(pool.hashes)
}

// Reason is what a sender is told about an error of Decode or Add.
func Reason(err error) string {
	var invalid *block.InvalidError
	if errors.As(err, &invalid) {
		return invalid.Reason
	}

	return err.Error()
}
