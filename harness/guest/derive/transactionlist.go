package derive

import (
	"culverin/guest/rlp"
)

// TransactionList holds the transactions of one L2 block as they stand behind the head of an RLP list of strings; every
// item is known to be a string. It costs no memory for each item, however many a stranger squeezed in.
type TransactionList []byte

// newTransactionList checks the content of a list; false if an item is no string.
func newTransactionList(content []byte) (list TransactionList, isList bool) {
	for rest := content; len(rest) > 0; {
		start, length, isNested, err := rlp.Head(rest)
		if err != nil || isNested {
			return nil, false
		}

		rest = rest[start+length:]
	}

	return content, true
}

// NewTransactionList makes a list of transactions.
func NewTransactionList(transactions ...[]byte) (list TransactionList) {
	for _, transaction := range transactions {
		list = rlp.AppendBytes(list, transaction)
	}

	return list
}

// Each hands over one transaction after the other, each as it stands in a block, until visit says false.
func (list TransactionList) Each(visit func(transaction []byte) bool) {
	for rest := []byte(list); len(rest) > 0; {
		start, length, _, err := rlp.Head(rest)
		if err != nil || !visit(rest[start:start+length]) {
			return
		}

		rest = rest[start+length:]
	}
}

// Count is the number of transactions.
func (list TransactionList) Count() (count int) {
	list.Each(func([]byte) bool {
		count++
		return true
	})
	return count
}
