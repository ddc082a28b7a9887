package block

import "culverin/guest/keccak"

// SourceDomain says where a deposit comes from (deposits.md, "Source hash computation").
type SourceDomain byte

// The domains: a user's on L1, the L1 attributes with which each block begins, a network upgrade's.
const (
	UserSource       SourceDomain = 0
	AttributesSource SourceDomain = 1
	UpgradeSource    SourceDomain = 2
)

// SourceHash tells deposits apart: keccak256(domain ‖ identity), the domain as a word.
func SourceHash(domain SourceDomain, identity keccak.Hash) keccak.Hash {
	prefix := keccak.Hash{len(keccak.Hash{}) - 1: byte(domain)}
	return keccak.Sum(prefix[:], identity[:])
}
