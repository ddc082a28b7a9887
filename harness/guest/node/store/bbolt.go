//go:build bbolt

package store

import (
	"bytes"
	"fmt"
	"sort"
	"time"

	bolt "go.etcd.io/bbolt"

	"culverin/guest/keccak"
)

// IsAvailable tells whether this build can keep a chain on disk.
const IsAvailable = true

// lockTime is how long Open waits for another program that has the file open.
const lockTime = 2 * time.Second

// pageFill: keys are hashes, so pages are split in the middle.
const pageFill = 0.5

// Store is an open file. It may be used by many goroutines at a time.
type Store struct {
	file *bolt.DB
}

// Open opens the file, or makes it. Only one program can have it open.
func Open(path string) (*Store, error) {
	file, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTime, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", path, err)
	}

	err = file.Update(func(change *bolt.Tx) error {
		for _, name := range buckets {
			if _, err := change.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}

		meta := change.Bucket(bucketMeta)
		if found := meta.Get(keyForm); found != nil && !bytes.Equal(found, form) {
			return fmt.Errorf("store: %s is of the form %q, and this program writes %q", path, found, form)
		}

		return meta.Put(keyForm, form)
	})
	if err != nil {
		_ = file.Close()
		return nil, err
	}

	return &Store{file}, nil
}

// Close ends the use of the file.
func (store *Store) Close() error {
	return store.file.Close()
}

// Genesis is the hash of the first block, if Start was called on this file.
func (store *Store) Genesis() (hash keccak.Hash, found bool, err error) {
	err = store.view(bucketMeta, keyGenesis, func(value []byte) (err error) {
		found = true
		hash, err = hashOf(value)
		return err
	})
	return hash, found, err
}

// Start writes the genesis block into a new file; on a file that has one it checks that it is the same.
func (store *Store) Start(genesis keccak.Hash, batch *Batch) error {
	stored, found, err := store.Genesis()
	switch {
	case err != nil:
		return err
	case found && stored != genesis:
		return &OtherGenesisError{stored, genesis}
	case found:
		return nil
	}

	return store.file.Update(func(change *bolt.Tx) error {
		if err := write(change, batch); err != nil {
			return err
		}

		return change.Bucket(bucketMeta).Put(keyGenesis, genesis[:])
	})
}

// Update writes all of a batch, or nothing.
func (store *Store) Update(batch *Batch) error {
	return store.file.Update(func(change *bolt.Tx) error { return write(change, batch) })
}

// AddPending keeps a transaction that waits. Calls at the same time share their way to the disk.
func (store *Store) AddPending(hash keccak.Hash, encoded []byte) error {
	return store.file.Batch(func(change *bolt.Tx) error {
		return change.Bucket(bucketPending).Put(hash[:], encoded)
	})
}

func write(change *bolt.Tx, batch *Batch) error {
	if err := writeData(change, batch.Data); err != nil {
		return err
	}

	canonical := change.Bucket(bucketCanonical)
	if batch.Unwind != nil {
		if err := removeAbove(canonical, *batch.Unwind); err != nil {
			return err
		}
	}

	for _, block := range batch.Blocks {
		if err := writeBlock(change, block); err != nil {
			return err
		}

		if err := canonical.Put(numberKey(block.Number), block.Hash[:]); err != nil {
			return err
		}
	}

	for head, hash := range batch.Heads {
		hash := hash
		if err := change.Bucket(bucketHeads).Put([]byte(head), hash[:]); err != nil {
			return err
		}
	}

	return writeRest(change, batch)
}

// writeData puts the keys in their order, which spares the tree half of its way.
func writeData(change *bolt.Tx, data map[keccak.Hash][]byte) error {
	hashes := make([]keccak.Hash, 0, len(data))
	for hash := range data {
		hashes = append(hashes, hash)
	}

	sort.Slice(hashes, func(left, right int) bool { return bytes.Compare(hashes[left][:], hashes[right][:]) < 0 })
	bucket := change.Bucket(bucketData)
	bucket.FillPercent = pageFill
	for index := range hashes {
		if err := bucket.Put(hashes[index][:], data[hashes[index]]); err != nil {
			return err
		}
	}

	return nil
}

func writeBlock(change *bolt.Tx, block *Block) error {
	if err := change.Bucket(bucketHeaders).Put(block.Hash[:], block.Header); err != nil {
		return err
	}

	if err := change.Bucket(bucketBodies).Put(block.Hash[:], encodeItems(block.Transactions)); err != nil {
		return err
	}

	if err := change.Bucket(bucketReceipts).Put(block.Hash[:], encodeItems(block.Receipts)); err != nil {
		return err
	}

	places := change.Bucket(bucketTransactions)
	for index, encoded := range block.Transactions {
		hash := keccak.Sum(encoded)
		place := Place{block.Hash, uint32(index)}
		if err := places.Put(hash[:], place.encode()); err != nil {
			return err
		}
	}

	return nil
}

func writeRest(change *bolt.Tx, batch *Batch) error {
	safe := change.Bucket(bucketSafe)
	if batch.SafeRewind != nil {
		if err := removeAbove(safe, *batch.SafeRewind); err != nil {
			return err
		}
	}

	for index := range batch.SafeHeads {
		head := &batch.SafeHeads[index]
		if err := safe.Put(numberKey(head.L1Number), head.encode()); err != nil {
			return err
		}
	}

	pending := change.Bucket(bucketPending)
	for hash, encoded := range batch.Pending {
		hash := hash
		if err := pending.Put(hash[:], encoded); err != nil {
			return err
		}
	}

	for index := range batch.Gone {
		if err := pending.Delete(batch.Gone[index][:]); err != nil {
			return err
		}
	}

	return nil
}

// removeAbove deletes the entries of numbers above one.
func removeAbove(bucket *bolt.Bucket, number uint64) error {
	var keys [][]byte
	cursor := bucket.Cursor()
	for key, _ := cursor.Last(); key != nil && bytes.Compare(key, numberKey(number)) > 0; key, _ = cursor.Prev() {
		keys = append(keys, append([]byte(nil), key...))
	}

	for _, key := range keys {
		if err := bucket.Delete(key); err != nil {
			return err
		}
	}

	return nil
}

// view reads one value; visit is not called if there is none.
func (store *Store) view(bucket, key []byte, visit func(value []byte) error) error {
	return store.file.View(func(snapshot *bolt.Tx) error {
		if value := snapshot.Bucket(bucket).Get(key); value != nil {
			return visit(value)
		}

		return nil
	})
}

func (store *Store) copyOf(bucket []byte, hash keccak.Hash) (data []byte, err error) {
	err = store.view(bucket, hash[:], func(value []byte) error {
		data = append([]byte{}, value...)
		return nil
	})
	return data, err
}

// Data returns a trie node or code by its hash, nil if it is not there.
func (store *Store) Data(hash keccak.Hash) ([]byte, error) {
	return store.copyOf(bucketData, hash)
}

// Header returns an encoded header, nil if it is not there.
func (store *Store) Header(hash keccak.Hash) ([]byte, error) {
	return store.copyOf(bucketHeaders, hash)
}

// Block returns a block without its number, nil if it is not there. It need not be canonical any more.
func (store *Store) Block(hash keccak.Hash) (block *Block, err error) {
	err = store.file.View(func(snapshot *bolt.Tx) error {
		header := snapshot.Bucket(bucketHeaders).Get(hash[:])
		if header == nil {
			return nil
		}

		block = &Block{Hash: hash, Header: append([]byte(nil), header...)}
		block.Transactions, err = decodeItems(snapshot.Bucket(bucketBodies).Get(hash[:]))
		if err == nil {
			block.Receipts, err = decodeItems(snapshot.Bucket(bucketReceipts).Get(hash[:]))
		}

		return err
	})
	return block, err
}

// Canonical returns the hash of the canonical block with a number.
func (store *Store) Canonical(number uint64) (hash keccak.Hash, found bool, err error) {
	err = store.view(bucketCanonical, numberKey(number), func(value []byte) (err error) {
		found = true
		hash, err = hashOf(value)
		return err
	})
	return hash, found, err
}

// Place returns where a transaction stood last, nil if nowhere. The block need not be canonical any more.
func (store *Store) Place(transaction keccak.Hash) (place *Place, err error) {
	err = store.view(bucketTransactions, transaction[:], func(value []byte) (err error) {
		place, err = decodePlace(value)
		return err
	})
	return place, err
}

// Head returns the hash of a head's block.
func (store *Store) Head(head Head) (hash keccak.Hash, found bool, err error) {
	err = store.view(bucketHeads, []byte(head), func(value []byte) (err error) {
		found = true
		hash, err = hashOf(value)
		return err
	})
	return hash, found, err
}

// SafeHeadAt returns the newest entry for an L1 block with this number or a lower one, nil if there is none.
func (store *Store) SafeHeadAt(l1Number uint64) (head *SafeHead, err error) {
	err = store.file.View(func(snapshot *bolt.Tx) error {
		cursor := snapshot.Bucket(bucketSafe).Cursor()
		key, value := cursor.Seek(numberKey(l1Number))
		if key == nil {
			key, value = cursor.Last()
		} else if !bytes.Equal(key, numberKey(l1Number)) {
			key, value = cursor.Prev()
		}

		if key == nil {
			return nil
		}

		head, err = decodeSafeHead(key, value)
		return err
	})
	return head, err
}

// Pending returns the transactions that wait.
func (store *Store) Pending() (transactions [][]byte, err error) {
	err = store.file.View(func(snapshot *bolt.Tx) error {
		return snapshot.Bucket(bucketPending).ForEach(func(_, value []byte) error {
			transactions = append(transactions, append([]byte(nil), value...))
			return nil
		})
	})
	return transactions, err
}
