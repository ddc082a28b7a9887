//go:build !mips && !mips64

package secp256k1

import (
	"encoding/hex"
	"math/rand"
	"testing"
	"time"

	"culverin/guest/keccak"
)

func TestAKnownKeysAddress(t *testing.T) {
	// The first account of local nodes.
	secret, _ := hex.DecodeString("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
	key, isKey := NewPrivateKey(*(*[32]byte)(secret))
	address := key.Address()
	if !isKey || hex.EncodeToString(address[:]) != "f39fd6e51aad88f6f4ce6ab8827279cfffb92266" {
		t.Errorf("%x", address)
	}
}

func TestNoncesOfRFC6979(t *testing.T) {
	// Known values for this curve: key 1, the SHA-256 of a text.
	digest, _ := hex.DecodeString("a0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e")
	key, _ := NewPrivateKey([32]byte{31: 1})
	_, r, s := key.Sign(keccak.Hash(*(*[32]byte)(digest)))
	if hex.EncodeToString(r[:]) != "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8" ||
		hex.EncodeToString(s[:]) != "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5" {
		t.Errorf("%x %x", r, s)
	}
}

func TestSignaturesAreRecovered(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	for count := 0; count < 50; count++ {
		var secret [32]byte
		var hash keccak.Hash
		random.Read(secret[:])
		random.Read(hash[:])
		key, isKey := NewPrivateKey(secret)
		if !isKey {
			continue
		}

		isOdd, r, s := key.Sign(hash)
		value := fromBytes(s[:])
		signer, found := Recover(hash, r[:], s[:], isOdd)
		if !found || signer != key.Address() || halfOrder.isBelow(&value) {
			t.Fatalf("%x: %x, %v", secret, signer, found)
		}
	}
}

func TestWhatIsNoKey(t *testing.T) {
	all := [32]byte{}
	for index := range all {
		all[index] = 0xff
	}

	for _, secret := range [][32]byte{{}, order.prime.bytes(), all} {
		if _, isKey := NewPrivateKey(secret); isKey {
			t.Errorf("%x is a key", secret)
		}
	}
}
