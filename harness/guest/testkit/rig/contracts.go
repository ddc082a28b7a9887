package rig

import (
	"encoding/hex"

	"culverin/guest/block"
	"culverin/guest/keccak"
)

// Stand-ins for contracts: they do what derivation sees of the real ones, whoever calls them.
var (
	// Portal, SystemConfig and Inbox are on L1.
	Portal       = block.Address{0: 0x90, 19: 1}
	SystemConfig = block.Address{0: 0x90, 19: 2}
	Inbox        = block.Address{0: 0xff, 18: 0x09, 19: 0x01}
	// Log writes an event on L2, Store keeps its calldata's second word at its first.
	Log   = block.Address{0: 0x90, 19: 3}
	Store = block.Address{0: 0x90, 19: 4}

	gasPriceOracle   = block.Address{0: 0x42, 19: 0x0f}
	l1Block          = block.Address{0: 0x42, 19: 0x15}
	messagePasser    = block.Address{0: 0x42, 19: 0x16}
	operatorFeeVault = block.Address{0: 0x42, 19: 0x1b}
)

func code(digits ...string) []byte {
	var all []byte
	for _, part := range digits {
		octets, err := hex.DecodeString(part)
		if err != nil {
			panic(err)
		}

		all = append(all, octets...)
	}

	return all
}

func event(signature string) string {
	hash := keccak.Sum([]byte(signature))
	return hex.EncodeToString(hash[:])
}

// Calldata of the stand-ins on L1 are one word, then the event's data.
const copyRest = "60203603" + "8060206000" + "37"

var (
	// portalCode: LOG4 of the deposit's event, the caller, the first word as target, and version 0.
	portalCode = code(copyRest, "6000", "600035", "33",
		"7f", event("TransactionDeposited(address,address,uint256,bytes)"), "84", "6000", "a4", "00")
	// systemConfigCode: LOG3 of the update's event, version 0 and the first word as its type.
	systemConfigCode = code(copyRest, "600035", "6000",
		"7f", event("ConfigUpdate(uint256,uint8,bytes)"), "83", "6000", "a3", "00")
	// l1BlockCode keeps what fees depend on: base fee, blob base fee, scalars, and the operator fee's.
	l1BlockCode = code("602435600155", "604435600755", "60043560801c600355", "60a43560a01c600855", "00")
	// logCode: LOG1 of the calldata, with their first word as topic.
	logCode = code("366000600037", "600035", "36", "6000", "a1", "00")
	// storeCode: SSTORE, or REVERT with the calldata if there are fewer than 64 bytes.
	storeCode = code("603f3611", "601157", "366000600037", "366000fd", "5b", "602035600035", "5500")
)
