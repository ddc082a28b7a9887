//go:build !bbolt

package store

import "culverin/guest/keccak"

// IsAvailable tells whether this build can keep a chain on disk.
const IsAvailable = false

// Store is nothing in this build: Open says so, and there is no other way to one.
type Store struct{}

// Open always fails with ErrUnavailable.
func Open(string) (*Store, error) { return nil, ErrUnavailable }

// Close does nothing.
func (store *Store) Close() error { return nil }

// Genesis fails.
func (store *Store) Genesis() (keccak.Hash, bool, error) { return keccak.Hash{}, false, ErrUnavailable }

// Start fails.
func (store *Store) Start(keccak.Hash, *Batch) error { return ErrUnavailable }

// Update fails.
func (store *Store) Update(*Batch) error { return ErrUnavailable }

// AddPending fails.
func (store *Store) AddPending(keccak.Hash, []byte) error { return ErrUnavailable }

// Data fails.
func (store *Store) Data(keccak.Hash) ([]byte, error) { return nil, ErrUnavailable }

// Header fails.
func (store *Store) Header(keccak.Hash) ([]byte, error) { return nil, ErrUnavailable }

// Block fails.
func (store *Store) Block(keccak.Hash) (*Block, error) { return nil, ErrUnavailable }

// Canonical fails.
func (store *Store) Canonical(uint64) (keccak.Hash, bool, error) {
	return keccak.Hash{}, false, ErrUnavailable
}

// Place fails.
func (store *Store) Place(keccak.Hash) (*Place, error) { return nil, ErrUnavailable }

// Head fails.
func (store *Store) Head(Head) (keccak.Hash, bool, error) {
	return keccak.Hash{}, false, ErrUnavailable
}

// SafeHeadAt fails.
func (store *Store) SafeHeadAt(uint64) (*SafeHead, error) { return nil, ErrUnavailable }

// Pending fails.
func (store *Store) Pending() ([][]byte, error) { return nil, ErrUnavailable }
