package pool

import (
	"bytes"
	"container/heap"

	"culverin/guest/block"
	"culverin/guest/u256"
)

// Choice hands out transactions for one block: the highest tip first, those of one sender in the order of their nonces.
type Choice struct {
	pool    *Pool
	baseFee u256.Int
	heads   heads
}

// candidate is the next transaction of a sender.
type candidate struct {
	entry *Entry
	tip   u256.Int
}

type heads []candidate

func (list heads) Len() int { return len(list) }
func (list heads) Less(left, right int) bool {
	if order := list[left].tip.Compare(&list[right].tip); order != 0 {
		return order > 0
	}

	return bytes.Compare(list[left].entry.Hash[:], list[right].entry.Hash[:]) < 0
}
func (list heads) Swap(left, right int)    { list[left], list[right] = list[right], list[left] }
func (list *heads) Push(value interface{}) { *list = append(*list, value.(candidate)) }
func (list *heads) Pop() interface{} {
	last := (*list)[len(*list)-1]
	*list = (*list)[:len(*list)-1]
	return last
}

// Choose begins a block with a base fee on a state with these nonces.
func (pool *Pool) Choose(baseFee *u256.Int, nonceOf func(block.Address) uint64) *Choice {
	pool.mutex.Lock()
	defer pool.mutex.Unlock()
	choice := &Choice{pool: pool, baseFee: *baseFee}
	for sender, list := range pool.senders {
		choice.push(list[nonceOf(sender)])
	}

	return choice
}

// push adds a transaction, if there is one and it pays the base fee.
func (choice *Choice) push(entry *Entry) {
	if entry == nil || entry.Transaction.FeeCap.IsBelow(&choice.baseFee) {
		return
	}

	each := candidate{entry: entry}
	each.tip.Sub(&entry.Transaction.FeeCap, &choice.baseFee)
	if entry.Transaction.TipCap.IsBelow(&each.tip) {
		each.tip = entry.Transaction.TipCap
	}

	heap.Push(&choice.heads, each)
}

// Next returns the next transaction, nil if there is none left.
func (choice *Choice) Next() *Entry {
	if len(choice.heads) == 0 {
		return nil
	}

	best := heap.Pop(&choice.heads).(candidate)
	return best.entry
}

// Taken says that a transaction stands in the block: its sender's next one may follow.
func (choice *Choice) Taken(entry *Entry) {
	choice.pool.mutex.Lock()
	next := choice.pool.senders[entry.Sender][entry.Transaction.Nonce+1]
	choice.pool.mutex.Unlock()
	choice.push(next)
}
