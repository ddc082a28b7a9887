package ledger

import (
	"sync"

	"culverin/guest/keccak"
)

// cacheBytesMax is how much each of the cache's two generations holds.
const cacheBytesMax = 64 << 20

// cache keeps what was read or written lately, by its hash. When a generation is full the one before is dropped.
type cache struct {
	mutex         sync.Mutex
	young, former map[keccak.Hash][]byte
	size          int
}

func (cache *cache) get(hash keccak.Hash) []byte {
	cache.mutex.Lock()
	defer cache.mutex.Unlock()
	data, found := cache.young[hash]
	if !found {
		if data, found = cache.former[hash]; found {
			cache.add(hash, data)
		}
	}

	return data
}

func (cache *cache) put(hash keccak.Hash, data []byte) {
	cache.mutex.Lock()
	defer cache.mutex.Unlock()
	cache.add(hash, data)
}

func (cache *cache) add(hash keccak.Hash, data []byte) {
	if cache.young == nil || cache.size > cacheBytesMax {
		cache.former, cache.young, cache.size = cache.young, map[keccak.Hash][]byte{}, 0
	}

	if _, found := cache.young[hash]; !found {
		cache.young[hash] = data
		cache.size += len(data) + 2*keccak.Size
	}
}
