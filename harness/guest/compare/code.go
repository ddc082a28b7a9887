// Package compare makes random transactions and compares what the executor and a local node make of them. The node is
// another implementation of the same rules: an outside judge.
package compare

import (
	"math/rand"

	"culverin/guest/block"
)

// Opcodes that need a name here.
const (
	opStop         = 0x00
	opAdd          = 0x01
	opSub          = 0x03
	opExp          = 0x0a
	opSignExtend   = 0x0b
	opNot          = 0x19
	opKeccak       = 0x20
	opBalance      = 0x31
	opCallDataLoad = 0x35
	opCallDataCopy = 0x37
	opCodeCopy     = 0x39
	opExtCodeSize  = 0x3b
	opExtCodeCopy  = 0x3c
	opReturnSize   = 0x3d
	opReturnCopy   = 0x3e
	opExtCodeHash  = 0x3f
	opBlockHash    = 0x40
	opNumber       = 0x43
	opBlobHash     = 0x49
	opPop          = 0x50
	opMload        = 0x51
	opMstore       = 0x52
	opMstore8      = 0x53
	opSload        = 0x54
	opSstore       = 0x55
	opJump         = 0x56
	opJumpIf       = 0x57
	opJumpHere     = 0x5b
	opTload        = 0x5c
	opTstore       = 0x5d
	opMcopy        = 0x5e
	opPush0        = 0x5f
	opPush1        = 0x60
	opDup1         = 0x80
	opSwap1        = 0x90
	opLog0         = 0xa0
	opCreate       = 0xf0
	opCall         = 0xf1
	opCallCode     = 0xf2
	opReturn       = 0xf3
	opDelegateCall = 0xf4
	opCreate2      = 0xf5
	opStaticCall   = 0xfa
	opRevert       = 0xfd
	opInvalid      = 0xfe
	opSelfDestruct = 0xff
)

// surroundings are opcodes without operands: address, origin, caller, value, sizes, gas price, the block's fields, gas.
var surroundings = []byte{
	0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a, 0x58, 0x59, 0x5a,
}

// coder writes random code that seldom ends early.
type coder struct {
	random *rand.Rand
	// addresses are worth being called or looked at.
	addresses []block.Address
	code      []byte
	// height is how many words are on the stack at least.
	height int
}

// code makes the code of a contract, of a number of statements.
func (generator *Generator) code(statements int) []byte {
	coder := &coder{random: generator.random, addresses: generator.addresses()}
	if coder.random.Intn(30) == 0 {
		// Whatever bytes.
		code := make([]byte, coder.random.Intn(60))
		coder.random.Read(code)
		return code
	}

	for ; statements > 0; statements-- {
		coder.statement()
	}

	coder.end()
	return coder.code
}

// initCode makes code that deploys some other code, or fails to.
func (generator *Generator) initCode(statements int) []byte {
	coder := &coder{random: generator.random, addresses: generator.addresses()}
	for ; statements > 0; statements-- {
		coder.statement()
	}

	deployed := generator.code(1 + coder.random.Intn(12))
	switch coder.random.Intn(12) {
	case 0:
		coder.end()
	case 1:
		// EIP-3541 refuses such code.
		deployed = append([]byte{0xef}, deployed...)
	}

	// Ten more bytes: PUSH2 length, PUSH2 offset, PUSH0, CODECOPY, PUSH2 length, PUSH0, RETURN.
	offset := len(coder.code) + 13
	coder.push2(len(deployed))
	coder.push2(offset)
	coder.code = append(coder.code, opPush0, opCodeCopy)
	coder.push2(len(deployed))
	coder.code = append(coder.code, opPush0, opReturn)
	return append(coder.code, deployed...)
}

func (coder *coder) push2(value int) {
	coder.code = append(coder.code, opPush1+1, byte(value>>8), byte(value))
}

func (coder *coder) pushBytes(data []byte) {
	coder.code = append(append(coder.code, opPush1+byte(len(data)-1)), data...)
}

func (coder *coder) emit(opcodes ...byte) {
	coder.code = append(coder.code, opcodes...)
}

// small pushes a number below a bound, seldom one that is too large for anything.
func (coder *coder) small(bound int) {
	if coder.random.Intn(150) == 0 {
		coder.word()
		return
	}

	coder.push2(coder.random.Intn(bound))
}

// word pushes a number of any size.
func (coder *coder) word() {
	switch coder.random.Intn(8) {
	case 0:
		coder.emit(opPush0)
	case 1:
		coder.emit(opPush1, byte(coder.random.Intn(256)))
	case 2:
		coder.emit(opPush0, opNot)
	case 3:
		// Near the border of the signed numbers.
		data := make([]byte, 32)
		data[0] = 0x80
		data[31] = byte(coder.random.Intn(2))
		coder.pushBytes(data)
	case 4:
		coder.emit(surroundings[coder.random.Intn(len(surroundings))])
	case 5:
		coder.small(100)
		coder.emit(opCallDataLoad)
	case 6:
		coder.address()
	default:
		data := make([]byte, 1+coder.random.Intn(32))
		coder.random.Read(data)
		coder.pushBytes(data)
	}
}

func (coder *coder) address() {
	address := coder.addresses[coder.random.Intn(len(coder.addresses))]
	coder.pushBytes(address[:])
}

// statement does something, and leaves the stack at least as high as it was.
func (coder *coder) statement() {
	switch coder.random.Intn(16) {
	case 0, 1, 2:
		coder.arithmetic()
	case 3, 4:
		coder.memory()
	case 5, 6, 7:
		coder.storage()
	case 8:
		coder.log()
	case 9, 10:
		coder.call()
	case 11:
		coder.create()
	case 12:
		coder.look()
	case 13:
		coder.branch()
	case 14:
		coder.loop()
	default:
		coder.shuffle()
	}
}

// arithmetic: all operations of one, two and three numbers.
func (coder *coder) arithmetic() {
	two := []byte{
		0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0a, 0x0b, 0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1c, 0x1d,
	}
	switch coder.random.Intn(8) {
	case 0:
		coder.word()
		coder.emit([]byte{0x15, 0x19}[coder.random.Intn(2)])
	case 1:
		coder.word()
		coder.word()
		coder.word()
		coder.emit([]byte{0x08, 0x09}[coder.random.Intn(2)])
	case 2:
		// Shifts, bytes and sign extensions by small numbers.
		coder.word()
		coder.emit(opPush1, byte(coder.random.Intn(300)))
		coder.emit([]byte{0x0b, 0x1a, 0x1b, 0x1c, 0x1d}[coder.random.Intn(5)])
	default:
		coder.word()
		coder.word()
		coder.emit(two[coder.random.Intn(len(two))])
	}

	coder.height++
}

func (coder *coder) memory() {
	switch coder.random.Intn(6) {
	case 0:
		coder.word()
		coder.small(600)
		coder.emit([]byte{opMstore, opMstore8}[coder.random.Intn(2)])
	case 1:
		coder.small(600)
		coder.emit(opMload)
		coder.height++
	case 2:
		coder.small(200)
		coder.small(400)
		coder.small(400)
		coder.emit(opMcopy)
	case 3:
		coder.small(200)
		coder.small(400)
		coder.emit(opKeccak)
		coder.height++
	default:
		coder.small(200)
		coder.small(100)
		coder.small(400)
		coder.emit([]byte{opCallDataCopy, opCodeCopy}[coder.random.Intn(2)])
	}
}

// storage uses few slots, so that values are changed again, cleared and restored.
func (coder *coder) storage() {
	slot := byte(coder.random.Intn(4))
	switch coder.random.Intn(5) {
	case 0:
		coder.emit(opPush1, slot, opSload)
		coder.height++
	case 1:
		coder.emit(opPush1, slot, opTload)
		coder.height++
	case 2:
		coder.word()
		coder.emit(opPush1, slot, opTstore)
	default:
		if coder.random.Intn(3) == 0 {
			coder.emit(opPush0)
		} else {
			coder.emit(opPush1, byte(coder.random.Intn(3)))
		}

		coder.emit(opPush1, slot, opSstore)
	}
}

func (coder *coder) log() {
	topics := coder.random.Intn(5)
	for count := 0; count < topics; count++ {
		coder.word()
	}

	coder.small(100)
	coder.small(100)
	coder.emit(opLog0 + byte(topics))
}

func (coder *coder) call() {
	kind := []byte{opCall, opCall, opCallCode, opDelegateCall, opStaticCall}[coder.random.Intn(5)]
	for count := 0; count < 4; count++ {
		coder.small(160)
	}

	if kind == opCall || kind == opCallCode {
		coder.emit(opPush1, byte(coder.random.Intn(3)/2*coder.random.Intn(5)))
	}

	coder.address()
	if coder.random.Intn(3) == 0 {
		coder.small(30000)
	} else {
		coder.emit(0x5a)
	}

	coder.emit(kind)
	coder.height++
	if coder.random.Intn(2) == 0 {
		coder.emit(opReturnSize)
		if coder.random.Intn(20) == 0 {
			coder.emit(opPush1, 1, opAdd)
		}

		coder.emit(opPush0, opPush0, opReturnCopy)
	}
}

// create makes a contract from a little code that is written to memory first.
func (coder *coder) create() {
	inner := make([]byte, 32)
	for index, sample := range []byte{opPush1, byte(coder.random.Intn(4)), opPush1, 0, opSstore, opPush1, byte(coder.random.Intn(33)), opPush0, opReturn} {
		inner[index] = sample
	}

	if coder.random.Intn(6) == 0 {
		coder.random.Read(inner)
	}

	coder.pushBytes(inner)
	coder.emit(opPush0, opMstore)
	isSalted := coder.random.Intn(2) == 0
	if isSalted {
		coder.emit(opPush1, byte(coder.random.Intn(3)))
	}

	coder.emit(opPush1, byte(coder.random.Intn(33)), opPush0, opPush1, byte(coder.random.Intn(2)))
	if isSalted {
		coder.emit(opCreate2)
	} else {
		coder.emit(opCreate)
	}

	coder.height++
	if coder.random.Intn(2) == 0 {
		// Call what was made.
		coder.emit(opPush0, opPush0, opPush0, opPush0, opPush0, opDup1+5, 0x5a, opCall)
		coder.height++
	}
}

// look asks about accounts and blocks.
func (coder *coder) look() {
	switch coder.random.Intn(5) {
	case 0:
		coder.small(100)
		coder.small(100)
		coder.small(100)
		coder.address()
		coder.emit(opExtCodeCopy)
		return
	case 1:
		coder.emit(opPush1, byte(coder.random.Intn(6)), opNumber, opSub, opBlockHash)
	case 2:
		coder.small(3)
		coder.emit(opBlobHash)
	default:
		coder.address()
		coder.emit([]byte{opBalance, opExtCodeSize, opExtCodeHash}[coder.random.Intn(3)])
	}

	coder.height++
}

// branch jumps over something, or not.
func (coder *coder) branch() {
	coder.word()
	place := len(coder.code)
	coder.push2(0)
	coder.emit(opJumpIf)
	coder.word()
	coder.emit(opPop)
	if coder.random.Intn(4) == 0 {
		coder.end()
	}

	target := len(coder.code)
	coder.code[place+1], coder.code[place+2] = byte(target>>8), byte(target)
	coder.emit(opJumpHere)
}

// loop does something a few times.
func (coder *coder) loop() {
	coder.emit(opPush1, byte(1+coder.random.Intn(6)))
	start := len(coder.code)
	coder.emit(opJumpHere)
	height := coder.height
	coder.word()
	coder.emit(opPush1, byte(coder.random.Intn(4)), opSstore)
	coder.height = height
	coder.emit(opPush1, 1, opSwap1, opSub, opDup1)
	coder.push2(start)
	coder.emit(opJumpIf, opPop)
}

func (coder *coder) shuffle() {
	if coder.height < 2 {
		coder.word()
		coder.height++
		return
	}

	depth := coder.random.Intn(min(coder.height-1, 16))
	switch coder.random.Intn(3) {
	case 0:
		coder.emit(opDup1 + byte(depth))
		coder.height++
	case 1:
		coder.emit(opSwap1 + byte(depth))
	default:
		coder.emit(opPop)
		coder.height--
	}
}

func min(left, right int) int {
	if left < right {
		return left
	}

	return right
}

// end ends the code in one of all possible ways.
func (coder *coder) end() {
	switch coder.random.Intn(14) {
	case 0:
		coder.emit(opInvalid)
	case 1:
		coder.address()
		coder.emit(opSelfDestruct)
	case 2, 3:
		coder.small(100)
		coder.small(100)
		coder.emit(opRevert)
	case 4:
		coder.emit(opPush0, opJump)
	case 5:
		coder.emit(opPop, opPop, opPop, opPop, opPop, opPop, opPop, opPop, opPop, opPop, opPop, opPop)
	case 6, 7, 8:
		coder.small(100)
		coder.small(100)
		coder.emit(opReturn)
	default:
		coder.emit(opStop)
	}
}
