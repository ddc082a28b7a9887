package evm

import (
	"unsafe"

	"culverin/guest/state"
	"culverin/guest/u256"
)

const (
	wordBytes = u256.Bytes
	// stackLimit is the most words a stack may have (Yellow Paper, 9.1).
	stackLimit = 1024
	// reachMax is how many words an instruction names at once: SWAP16 needs 17.
	reachMax = 17
	// stackEnd is the offset of the top of an empty stack.
	stackEnd = stackLimit * wordBytes
)

// words are the topmost words of a stack, the top first.
type words [reachMax]u256.Int

// frame is one running call.
//
// SAFETY: the stack grows downwards in stackMemory; a block of instructions begins only after a check that the stack
// has the words that all of them need and room for those they add (see program.go), so that offset stays between 0 and
// stackEnd. Words behind the end are readable (reachMax of them) so that the pointer to words is always to real memory.
type frame struct {
	// stack is the start of stackMemory, offset how many bytes behind it the top lies.
	stack  unsafe.Pointer
	offset int
	// gas is what is left after the whole present block was paid for.
	gas uint64
	// end is the address behind the last instruction of the present block; 0 stops it.
	end uintptr
	// present is the running block, next the one that follows, nil at the end.
	present, next *block
	// memory is the EVM's memory, memoryStart its first byte's address.
	memoryStart unsafe.Pointer
	memory      []byte

	machine *Machine
	program *program
	account *state.Account
	input   []byte
	// returned is what the last call returned, output what this one does.
	returned, output []byte
	err              error
	depth            int
	caller           Address
	value            u256.Int
	isStatic         bool

	stackMemory *[stackLimit + reachMax]u256.Int
}

// frame returns an unused frame for a depth of calls.
func (machine *Machine) frame(depth int) *frame {
	if depth == len(machine.frames) {
		memory := new([stackLimit + reachMax]u256.Int)
		machine.frames = append(machine.frames, &frame{
			machine: machine, depth: depth, stackMemory: memory, stack: unsafe.Pointer(memory),
		})
	}

	return machine.frames[depth]
}

// top returns the topmost words.
func (f *frame) top() *words {
	return (*words)(unsafe.Add(f.stack, f.offset))
}

// fail stops the frame by an error.
func (f *frame) fail(err error) {
	f.err = err
	f.stop()
}

// stop ends the frame after the present instruction.
func (f *frame) stop() {
	f.end = 0
	f.next = nil
}

// spend takes gas beyond what the block's instructions cost at least, and tells whether there was enough.
func (f *frame) spend(gas uint64) bool {
	if f.gas < gas {
		f.fail(ErrOutOfGas)
		return false
	}

	f.gas -= gas
	return true
}

// run executes a program from its start.
func (f *frame) run() {
	f.offset = stackEnd
	f.memory = f.memory[:0]
	f.returned, f.output, f.err = nil, nil, nil
	f.next = f.program.at(f.machine, 0)
	for f.next != nil {
		present := f.next
		if f.gas < uint64(present.gas) {
			f.err = ErrOutOfGas
			return
		}

		if f.offset > present.offsetMax || f.offset < present.offsetMin {
			f.err = ErrStack
			return
		}

		f.gas -= uint64(present.gas)
		f.present = present
		f.end = present.end
		for at := present.start; uintptr(at) < f.end; at = unsafe.Add(at, unsafe.Sizeof(instruction{})) {
			// SAFETY: start and end enclose the block's instructions, which it keeps alive.
			each := (*instruction)(at)
			each.run(f, each.argument)
		}
	}
}
