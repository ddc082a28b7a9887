package block

import (
	"culverin/guest/evm"
	"culverin/guest/u256"
)

// systemAddress calls the system contracts, with this much gas, which nobody pays (EIP-4788, EIP-2935).
var systemAddress = Address{
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
}

const systemGas = 30_000_000

// The contracts that keep beacon block roots (EIP-4788) and block hashes (EIP-2935).
var (
	// BeaconRoots is EIP-4788's.
	BeaconRoots = Address{
		0x00, 0x0f, 0x3d, 0xf6, 0xd7, 0x32, 0x80, 0x7e, 0xf1, 0x31,
		0x9f, 0xb7, 0xb8, 0xbb, 0x85, 0x22, 0xd0, 0xbe, 0xac, 0x02,
	}
	blockHashes = Address{
		0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5, 0x3a, 0x10, 0xcb,
		0x7a, 0x02, 0x33, 0x5b, 0x17, 0x53, 0x20, 0x00, 0x29, 0x35,
	}
)

// SystemCall calls a system contract before the block's transactions. A failure, or no contract, changes nothing.
func SystemCall(machine *evm.Machine, contract Address, input []byte) {
	world := machine.State
	world.BeginTransaction()
	if len(world.Code(contract)) > 0 {
		var nothing u256.Int
		machine.Transaction = evm.Transaction{Origin: systemAddress}
		machine.Call(systemAddress, contract, input, systemGas, &nothing)
	}

	world.EndTransaction()
}

// BeginBlock makes the system calls of the fork: before the first transaction.
func BeginBlock(machine *evm.Machine, parentHash, parentBeaconRoot [32]byte) {
	if machine.Rules.Cancun {
		SystemCall(machine, BeaconRoots, parentBeaconRoot[:])
	}

	if machine.Rules.Prague {
		SystemCall(machine, blockHashes, parentHash[:])
	}
}
