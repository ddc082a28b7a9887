package evm

// operation is what a row of the Yellow Paper's appendix H says about an instruction, as amended by EIPs.
type operation struct {
	run func(f *frame, argument uint32)
	// gas is what the instruction costs at least.
	gas uint32
	// takes and gives are how many words it takes off the stack and puts on it. DUP and SWAP take what they need to
	// be there and give it back.
	takes, gives int
	// argument is handed to run, unless one of the following is set.
	argument uint32
	// wantsPlace: run is handed the instruction's place; wantsGasBehind: the gas of the instructions behind it in its
	// block, which is already paid.
	wantsPlace, wantsGasBehind bool
	// endsBlock: the instruction ends the frame, jumps, or must know exactly how much gas is left.
	endsBlock bool
}

// Opcodes that more than the table must know.
const (
	opJump            = 0x56
	opJumpIf          = 0x57
	opJumpDestination = 0x5b
	opPush1           = 0x60
	opPush32          = 0x7f
)

// operations holds all instructions by opcode. Gas: Yellow Paper, appendix G, and EIPs 1884, 2929 (a warm access is
// part of the least cost), 3198, 3855, 1153, 4844, 5656, 7516.
//
// They are reached through a pointer that is set at the start, since the decoder that the instructions lead to needs them
// itself, and the language allows no variable to depend on itself.
var operations *[256]operation

var instructionTable = [256]operation{
	0x00: {run: stop, endsBlock: true},
	0x01: {run: add, gas: 3, takes: 2, gives: 1},
	0x02: {run: mul, gas: 5, takes: 2, gives: 1},
	0x03: {run: sub, gas: 3, takes: 2, gives: 1},
	0x04: {run: div, gas: 5, takes: 2, gives: 1},
	0x05: {run: signedDiv, gas: 5, takes: 2, gives: 1},
	0x06: {run: mod, gas: 5, takes: 2, gives: 1},
	0x07: {run: signedMod, gas: 5, takes: 2, gives: 1},
	0x08: {run: addMod, gas: 8, takes: 3, gives: 1},
	0x09: {run: mulMod, gas: 8, takes: 3, gives: 1},
	0x0a: {run: exp, gas: 10, takes: 2, gives: 1},
	0x0b: {run: signExtend, gas: 5, takes: 2, gives: 1},
	0x10: {run: isBelow, gas: 3, takes: 2, gives: 1},
	0x11: {run: isAbove, gas: 3, takes: 2, gives: 1},
	0x12: {run: isSignedBelow, gas: 3, takes: 2, gives: 1},
	0x13: {run: isSignedAbove, gas: 3, takes: 2, gives: 1},
	0x14: {run: equals, gas: 3, takes: 2, gives: 1},
	0x15: {run: isZero, gas: 3, takes: 1, gives: 1},
	0x16: {run: and, gas: 3, takes: 2, gives: 1},
	0x17: {run: or, gas: 3, takes: 2, gives: 1},
	0x18: {run: xor, gas: 3, takes: 2, gives: 1},
	0x19: {run: not, gas: 3, takes: 1, gives: 1},
	0x1a: {run: byteOf, gas: 3, takes: 2, gives: 1},
	0x1b: {run: shiftLeft, gas: 3, takes: 2, gives: 1},
	0x1c: {run: shiftRight, gas: 3, takes: 2, gives: 1},
	0x1d: {run: shiftRightSigned, gas: 3, takes: 2, gives: 1},
	0x20: {run: keccak256, gas: 30, takes: 2, gives: 1},
	0x30: {run: address, gas: 2, gives: 1},
	0x31: {run: balance, gas: warmGas, takes: 1, gives: 1},
	0x32: {run: origin, gas: 2, gives: 1},
	0x33: {run: caller, gas: 2, gives: 1},
	0x34: {run: callValue, gas: 2, gives: 1},
	0x35: {run: callDataLoad, gas: 3, takes: 1, gives: 1},
	0x36: {run: callDataSize, gas: 2, gives: 1},
	0x37: {run: callDataCopy, gas: 3, takes: 3},
	0x38: {run: codeSize, gas: 2, gives: 1},
	0x39: {run: codeCopy, gas: 3, takes: 3},
	0x3a: {run: gasPrice, gas: 2, gives: 1},
	0x3b: {run: externalCodeSize, gas: warmGas, takes: 1, gives: 1},
	0x3c: {run: externalCodeCopy, gas: warmGas, takes: 4},
	0x3d: {run: returnDataSize, gas: 2, gives: 1},
	0x3e: {run: returnDataCopy, gas: 3, takes: 3},
	0x3f: {run: externalCodeHash, gas: warmGas, takes: 1, gives: 1},
	0x40: {run: blockHash, gas: 20, takes: 1, gives: 1},
	0x41: {run: coinbase, gas: 2, gives: 1},
	0x42: {run: timestamp, gas: 2, gives: 1},
	0x43: {run: number, gas: 2, gives: 1},
	0x44: {run: prevRandao, gas: 2, gives: 1},
	0x45: {run: gasLimit, gas: 2, gives: 1},
	0x46: {run: chainID, gas: 2, gives: 1},
	0x47: {run: selfBalance, gas: 5, gives: 1},
	0x48: {run: baseFee, gas: 2, gives: 1},
	0x49: {run: blobHash, gas: 3, takes: 1, gives: 1},
	0x4a: {run: blobBaseFee, gas: 2, gives: 1},
	0x50: {run: pop, gas: 2, takes: 1},
	0x51: {run: memoryLoad, gas: 3, takes: 1, gives: 1},
	0x52: {run: memoryStore, gas: 3, takes: 2},
	0x53: {run: memoryStoreByte, gas: 3, takes: 2},
	0x54: {run: storageLoad, gas: warmGas, takes: 1, gives: 1},
	0x55: {run: storageStore, takes: 2, wantsGasBehind: true},
	0x56: {run: jump, gas: 8, takes: 1, endsBlock: true},
	0x57: {run: jumpIf, gas: 10, takes: 2, endsBlock: true},
	0x58: {run: pushSmall, gas: 2, gives: 1, wantsPlace: true},
	0x59: {run: memorySize, gas: 2, gives: 1},
	0x5a: {run: gas, gas: 2, gives: 1, wantsGasBehind: true},
	// JUMPDEST is no instruction of a block: it costs its gas where a block begins with it.
	0x5b: {gas: 1},
	0x5c: {run: transientLoad, gas: warmGas, takes: 1, gives: 1},
	0x5d: {run: transientStore, gas: warmGas, takes: 2},
	0x5e: {run: memoryCopy, gas: 3, takes: 3},
	0x5f: {run: pushSmall, gas: 2, gives: 1},
	0xf0: {run: create, gas: 32000, takes: 3, gives: 1, endsBlock: true},
	0xf1: {run: call, gas: warmGas, takes: 7, gives: 1, endsBlock: true},
	0xf2: {run: callCode, gas: warmGas, takes: 7, gives: 1, endsBlock: true},
	0xf3: {run: returnOutput, takes: 2, endsBlock: true},
	0xf4: {run: delegateCall, gas: warmGas, takes: 6, gives: 1, endsBlock: true},
	0xf5: {run: create2, gas: 32000, takes: 4, gives: 1, endsBlock: true},
	0xfa: {run: staticCall, gas: warmGas, takes: 6, gives: 1, endsBlock: true},
	0xfd: {run: revert, takes: 2, endsBlock: true},
	0xff: {run: selfDestruct, gas: 5000, takes: 1, endsBlock: true},
}

func init() {
	operations = &instructionTable
	for n := 1; n <= 32; n++ {
		// How many bytes follow is the decoder's business.
		operations[0x5f+n] = operation{gas: 3, gives: 1}
	}

	for n := 1; n <= 16; n++ {
		operations[0x7f+n] = operation{run: duplicate, gas: 3, takes: n, gives: n + 1, argument: uint32(n-1) * wordBytes}
		operations[0x8f+n] = operation{run: swap, gas: 3, takes: n + 1, gives: n + 1, argument: uint32(n) * wordBytes}
	}

	for n := 0; n <= 4; n++ {
		operations[0xa0+n] = operation{run: log, gas: 375 * uint32(n+1), takes: 2 + n, argument: uint32(n)}
	}

	for opcode := range operations {
		if entry := &operations[opcode]; entry.run == nil && entry.gas == 0 {
			*entry = operation{run: invalid, endsBlock: true}
		}
	}
}
