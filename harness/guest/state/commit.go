package state

import (
	"culverin/guest/keccak"
	"culverin/guest/mpt"
	"culverin/guest/rlp"
)

// Commit writes all changes to the tries, between transactions, and returns the root of the trie of accounts. Each node
// that is new and named by its hash is handed to store, if there is one.
//
// In each trie values are written first and removed last: where a branch would be left with one child, that child has
// to be loaded, and a value written beside it makes that needless.
func (state *State) Commit(store mpt.Store) keccak.Hash {
	for _, account := range state.accounts {
		if account.isLoaded && account.exists {
			account.commitStorage(store)
			encoded := EncodeAccount(account.nonce, &account.balance, account.storageRoot, account.codeHash)
			if string(encoded) != string(account.encoded) {
				account.encoded = encoded
				state.trie.Put(account.key[:], encoded)
			}
		}
	}

	for _, account := range state.accounts {
		if account.isLoaded && !account.exists && account.encoded != nil {
			account.encoded = nil
			state.trie.Delete(account.key[:])
		}
	}

	return state.trie.Root(store)
}

// StorageRoot returns the root of the account's storage as it was at the last call of State.Commit.
func (account *Account) StorageRoot() keccak.Hash {
	account.load()
	return account.storageRoot
}

func (account *Account) commitStorage(store mpt.Store) {
	hasChanged := false
	for number, entry := range account.slots {
		if entry.value != entry.committed && !entry.value.IsZero() {
			account.openStorage().Put(account.slotKey(number), rlp.EncodeBytes(entry.value.Trimmed()))
			hasChanged = true
		}
	}

	for number, entry := range account.slots {
		if entry.value != entry.committed {
			if entry.value.IsZero() {
				account.openStorage().Delete(account.slotKey(number))
				hasChanged = true
			}

			entry.committed = entry.value
		}
	}

	if hasChanged {
		account.storageRoot = account.storage.Root(store)
	}
}

func (account *Account) openStorage() *mpt.Trie {
	if account.storage == nil {
		account.storage = mpt.Open(account.state.source, account.storageRoot)
	}

	return account.storage
}
