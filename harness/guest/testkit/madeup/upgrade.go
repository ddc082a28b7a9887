package madeup

import (
	"encoding/binary"
	"encoding/hex"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/derive/upgrade"
	"culverin/guest/state"
	"culverin/guest/testkit/accounts"
	"culverin/guest/u256"
)

// Contracts of the L2 that network upgrades replace.
var (
	GasPriceOracle   = block.Address{0: 0x42, 19: 0x0f}
	L1BlockContract  = block.Address{0: 0x42, 19: 0x15}
	OperatorFeeVault = block.Address{0: 0x42, 19: 0x1b}
)

// slotOfContract is where a proxy keeps the contract that it stands for (ERC-1967).
const slotOfContract = "360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"

// proxyCode is a proxy as network upgrades find it: what the address zero calls is upgradeTo(address), everything else is
// delegated to the contract.
var proxyCode = code(
	"3315604857",                                                        // caller, is zero: jump
	"366000600037", "60006000366000", "7f"+slotOfContract, "54", "5af4", // delegate the calldata, with all gas
	"3d600060003e", "604357", "3d6000fd", "5b3d6000f3", // return or revert with what it returned
	"5b600435", "7f"+slotOfContract, "5500", // keep the word behind the selector
)

func code(digits ...string) (all []byte) {
	for _, part := range digits {
		octets, err := hex.DecodeString(part)
		if err != nil {
			panic(err)
		}

		all = append(all, octets...)
	}

	return all
}

// addProxies gives a first state the contracts that upgrades replace, none of them with a contract behind it yet. The
// oracle says that Ecotone and Fjord were told to it.
func addProxies(first accounts.World) {
	for _, address := range []block.Address{GasPriceOracle, L1BlockContract, OperatorFeeVault} {
		first[address] = &accounts.Account{Nonce: 1, Code: proxyCode}
	}

	const ecotoneAndFjord = 0x0101
	first[GasPriceOracle].Storage = map[u256.Int]u256.Int{u256.New(0): u256.New(ecotoneAndFjord)}
}

// NextFork is the first fork that the L2 does not have from its first block on; false if there is none.
func (world *World) NextFork() (config.Fork, bool) {
	for fork := config.Holocene; fork < config.ForkCount; fork++ {
		if !world.Rollup.Chain.IsActive(fork, FirstTime) {
			return fork, true
		}
	}

	return 0, false
}

// Schedule makes a fork begin so many seconds after the first block. It has to be said before a block needs it.
func (world *World) Schedule(fork config.Fork, seconds uint64) {
	world.Rollup.Chain.Times[fork] = FirstTime + seconds
}

// attributesForm is that of the newest fork that the parent has already.
func (world *World) attributesForm(parent *L2Block) derive.AttributesForm {
	chain, time := world.Rollup.Chain, parent.Header.Timestamp
	switch {
	case chain.IsActive(config.Jovian, time):
		return derive.JovianAttributes
	case chain.IsActive(config.Isthmus, time):
		return derive.IsthmusAttributes
	}

	return derive.EcotoneAttributes
}

// upgrades are the deposits of the forks that begin between a block and the next.
func (world *World) upgrades(parent *L2Block) (deposits [][]byte) {
	chain, time := world.Rollup.Chain, parent.Header.Timestamp
	for fork := config.Isthmus; fork <= config.Jovian; fork++ {
		if chain.IsActive(fork, time+BlockTime) && !chain.IsActive(fork, time) {
			deposits = append(deposits, upgrade.Deposits(fork)...)
		}
	}

	return deposits
}

// SetOperatorFee changes the operator fee.
func SetOperatorFee(scalar uint32, constant uint64) L1Transaction {
	word := binary.BigEndian.AppendUint32(make([]byte, 20), scalar)
	word = binary.BigEndian.AppendUint64(word, constant)
	return update(5, word, func(system *derive.SystemConfig) {
		system.OperatorFeeScalar, system.OperatorFeeConstant = scalar, constant
	})
}

// State is the L2's state after a block.
func (world *World) State(number int) *state.State {
	header := world.L2[number].Header
	return state.New(source{world}, header.StateRoot, header.ParentHash)
}
