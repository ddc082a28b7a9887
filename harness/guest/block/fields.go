package block

import (
	"culverin/guest/rlp"
	"culverin/guest/u256"
)

// fields takes one item of an RLP list after the other. After the first one of another form everything is zero and
// failed is set, so that a reader of records checks once, at the end.
type fields struct {
	items  []rlp.Item
	failed bool
}

// openFields reads data as exactly one list of between fewest and most items.
func openFields(data []byte, fewest, most int) fields {
	items, err := rlp.List(data)
	return fields{items, err != nil || len(items) < fewest || len(items) > most}
}

func (list *fields) next() rlp.Item {
	if list.failed || len(list.items) == 0 {
		list.failed = true
		return rlp.Item{}
	}

	item := list.items[0]
	list.items = list.items[1:]
	return item
}

// isComplete tells whether all items were of the expected forms, and there are no more.
func (list *fields) isComplete() bool {
	return !list.failed && len(list.items) == 0
}

func (list *fields) bytes() []byte {
	item := list.next()
	if item.IsList {
		list.failed = true
		return nil
	}

	return item.Content
}

func (list *fields) uint64() uint64 {
	value, err := list.next().Uint64()
	list.failed = list.failed || err != nil
	return value
}

func (list *fields) bool() bool {
	value := list.uint64()
	list.failed = list.failed || value > 1
	return value == 1
}

// number reads a number of at most 256 bits.
func (list *fields) number() (value u256.Int) {
	digits := list.bytes()
	if len(digits) > 32 || len(digits) > 0 && digits[0] == 0 {
		list.failed = true
		return value
	}

	value.SetBytes(digits)
	return value
}

// word is a number as 32 bytes.
func (list *fields) word() [32]byte {
	value := list.number()
	return value.Bytes32()
}

func (list *fields) hash() (hash [32]byte) {
	list.exactly(hash[:])
	return hash
}

func (list *fields) address() (address Address) {
	list.exactly(address[:])
	return address
}

func (list *fields) exactly(target []byte) {
	content, err := list.next().Bytes(len(target))
	list.failed = list.failed || err != nil
	copy(target, content)
}

// target reads the account called; the empty string stands for none.
func (list *fields) target() *Address {
	item := list.next()
	if !item.IsList && len(item.Content) == 0 {
		return nil
	}

	content, err := item.Bytes(len(Address{}))
	list.failed = list.failed || err != nil
	address := new(Address)
	copy(address[:], content)
	return address
}

// sublist opens an item that is a list of any number of items.
func (list *fields) sublist() fields {
	items, err := list.next().Items()
	list.failed = list.failed || err != nil
	return fields{items, err != nil}
}

// each hands every item of a sublist, opened as a list of count items itself, to visit.
func (list *fields) each(count int, visit func(entry *fields)) {
	outer := list.sublist()
	for _, item := range outer.items {
		items, err := item.Items()
		entry := fields{items, err != nil || len(items) != count}
		if !entry.failed {
			visit(&entry)
		}

		list.failed = list.failed || !entry.isComplete()
	}
}
