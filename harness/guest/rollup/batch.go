package rollup

import (
	"culverin/guest/chain"
	"culverin/guest/rlp"
)

// batchVersion is the first byte of a batch.
const batchVersion = 0

// DecodeBatch reads a batch: the version byte, then a list of L2 headers, each encoded as it is hashed. A
// batch with anything wrong in it counts as none: the batcher gets the chance to post it again.
func DecodeBatch(data []byte) ([]chain.Header, bool) {
	if len(data) == 0 || data[0] != batchVersion {
		return nil, false
	}

	items, err := rlp.List(data[1:])
	if err != nil {
		return nil, false
	}

	headers := make([]chain.Header, len(items))
	for index, item := range items {
		if headers[index], err = chain.DecodeHeader(item.Raw); err != nil {
			return nil, false
		}
	}

	return headers, true
}
