package genesis

import (
	"encoding/hex"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/testkit/accounts"
	"culverin/guest/u256"
)

// chainOf has all forks up to one from the start.
func chainOf(last config.Fork) *config.Chain {
	chain := &config.Chain{ID: 901, Elasticity: 6, Denominator: 50, DenominatorCanyon: 250}
	for fork := range chain.Times {
		if config.Fork(fork) > last {
			chain.Times[fork] = config.Never
		}
	}

	return chain
}

// TestStates: the root of a made-up state is that of tries built by another way, and all its nodes are handed out.
func TestStates(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	world := accounts.World{}
	var alloc []string
	for count := 0; count < 60; count++ {
		var address block.Address
		random.Read(address[:])
		account := &accounts.Account{
			Nonce: uint64(random.Intn(3)), Balance: u256.New(1 + random.Uint64()), Storage: map[u256.Int]u256.Int{},
		}
		if count%3 == 0 {
			account.Code = make([]byte, 1+random.Intn(50))
			random.Read(account.Code)
		}

		var storage []string
		for slot := 0; slot < count%20; slot++ {
			value := uint64(random.Intn(4))
			account.Storage[u256.New(uint64(slot))] = u256.New(value)
			storage = append(storage, fmt.Sprintf(`"0x%064x":"0x%064x"`, slot, value))
		}

		world[address] = account
		alloc = append(alloc, fmt.Sprintf(`"%x":{"balance":"0x%x","nonce":"0x%x","code":"0x%x","storage":{%s}}`,
			address, account.Balance.Uint64(), account.Nonce, account.Code, strings.Join(storage, ",")))
	}

	text := `{"config":{"chainId":901},"timestamp":"0x64","gasLimit":30000000,"alloc":{` + strings.Join(alloc, ",") + `}}`
	first, err := Parse([]byte(text), chainOf(config.Holocene))
	if err != nil {
		t.Fatal(err)
	}

	source := accounts.NewSource()
	if root := source.Root(world); root != first.Header.StateRoot {
		t.Errorf("%x, not %x", first.Header.StateRoot, root)
	}

	for hash, data := range first.Data {
		if keccak.Sum(data) != hash || len(source.Node(hash)) == 0 {
			t.Errorf("%x is no node", hash)
		}
	}
}

// TestForksDecideTheFields: with an empty state, and what a file leaves out.
func TestForksDecideTheFields(t *testing.T) {
	text := `{"config":{"chainId":901},"timestamp":"0x64","alloc":{},"baseFeePerGas":"7","number":3,"nonce":"0x5"}`
	for fork, hasRequests := range map[config.Fork]bool{config.Holocene: false, config.Isthmus: true} {
		first, err := Parse([]byte(text), chainOf(fork))
		if err != nil {
			t.Fatal(err)
		}

		header := first.Header
		if header.HasRequests != hasRequests || header.BaseFee != u256.New(7) || header.Number != 3 ||
			header.Nonce != [8]byte{7: 5} || header.GasLimit != usualGasLimit {
			t.Errorf("%+v", header)
		}

		const empty = "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
		for _, root := range []keccak.Hash{header.StateRoot, header.TransactionsRoot, header.WithdrawalsRoot} {
			if hex.EncodeToString(root[:]) != empty {
				t.Errorf("%x", root)
			}
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	for text, want := range map[string]string{
		``:                           "genesis:",
		`[]`:                         "genesis:",
		`{}`:                         "chainId is missing",
		`{"config":{"chainId":902}}`: "chain's id is 902",
		`{"config":{"chainId":-1}}`:  "a number is none",
		`{"config":{"chainId":901},"number":"0x10000000000000000"}`:                                         "64 bits",
		`{"config":{"chainId":901},"alloc":{"0x12":{}}}`:                                                    "account that is none",
		`{"config":{"chainId":901},"alloc":{"` + strings.Repeat("1", 40) + `":null}}`:                       "account that is none",
		`{"config":{"chainId":901},"alloc":{"` + strings.Repeat("1", 40) + `":{"balance":"x"}}}`:            "a number is none",
		`{"config":{"chainId":901},"alloc":{"` + strings.Repeat("1", 40) + `":{"storage":{"0xzz":"0x1"}}}}`: "storage is none",
		`{"config":{"chainId":901},"alloc":{"` + strings.Repeat("1", 40) + `":{"code":"12"}}}`:              "0x",
		`{"config":{"chainId":null}}`:                                                                                      "config.chainId is null",
		`{"config":{"chainId":901},"timestamp":1,"Timestamp":2}`:                                                           "Timestamp is there twice",
		`{"config":{"chainId":901},"Timestamp":2}`:                                                                         "Timestamp is to be spelled timestamp",
		`{"config":{"chainId":901},"alloc":{"` + strings.Repeat("1", 40) + `":{"code":null}}}`:                             "code is null",
		`{"config":{"chainId":901},"alloc":{"` + strings.Repeat("1", 40) + `":{},"0x` + strings.Repeat("1", 40) + `":{}}}`: "twice",
		`{"config":{"chainId":901},"alloc":{"` + strings.Repeat("1", 40) + `":{"storage":{"0x1":"0x1","0x01":"0x2"}}}}`:    "twice",
	} {
		if _, err := Parse([]byte(text), chainOf(config.Holocene)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// FuzzParse: a damaged file is refused, and never more than that.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"config":{"chainId":901},"timestamp":"0x64","alloc":{"` + strings.Repeat("1", 40) + `":{"balance":"1"}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if first, err := Parse(text, chainOf(config.Holocene)); err == nil {
			first.Header.Hash()
		}
	})
}
