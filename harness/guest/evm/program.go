package evm

import (
	"unsafe"

	"culverin/guest/u256"
)

// instruction is one step of a decoded program.
type instruction struct {
	run      func(f *frame, argument uint32)
	argument uint32
}

// block is a run of instructions that is entered at its first and left at its last. What all of them cost at least, and
// what they need of the stack, is checked at once when it is entered. An error that strict order would find later is
// found earlier so, which makes no difference: every such error undoes all that the frame has done and takes all gas.
type block struct {
	gas uint32
	// offsetMin and offsetMax bound the offset of the stack's top (see frame) at the block's start.
	offsetMin, offsetMax int
	start                unsafe.Pointer
	end                  uintptr
	instructions         []instruction
	// follower starts behind the block, target where its last instruction jumps to if that is a constant; both are
	// found when they are first needed.
	follower, target *block
	// behind is the place of the code behind the block.
	behind int
}

const pageBits = 6

// program is a contract's code with what was decoded of it: only what runs is decoded, once.
type program struct {
	code []byte
	// pages hold the block that starts at each place of the code.
	pages []*[1 << pageBits]*block
	// isDestination has a bit for each place of a JUMPDEST that is no data, as far as scanned.
	isDestination []uint32
	scanned       int
	constants     []u256.Int
}

// reset makes the program that of other code.
func (p *program) reset(code []byte) {
	p.code = code
	p.scanned = 0
	p.constants = p.constants[:0]
	p.pages = resized(p.pages, len(code)>>pageBits+1)
	words := len(code)/32 + 1
	if cap(p.isDestination) < words {
		p.isDestination = make([]uint32, words)
	} else {
		p.isDestination = p.isDestination[:words]
		for index := range p.isDestination {
			p.isDestination[index] = 0
		}
	}
}

func resized(pages []*[1 << pageBits]*block, count int) []*[1 << pageBits]*block {
	if cap(pages) < count {
		return make([]*[1 << pageBits]*block, count)
	}

	pages = pages[:count]
	for index := range pages {
		pages[index] = nil
	}

	return pages
}

// at returns the block that starts at a place, which must be the start of an instruction or the end of the code.
func (p *program) at(machine *Machine, place int) *block {
	page := p.pages[place>>pageBits]
	if page == nil {
		page = new([1 << pageBits]*block)
		p.pages[place>>pageBits] = page
	}

	found := page[place&(1<<pageBits-1)]
	if found == nil {
		found = p.decode(machine, place)
		page[place&(1<<pageBits-1)] = found
	}

	return found
}

// destination returns the block that a jump leads to, nil if there is no JUMPDEST (Yellow Paper, 9.4.3).
func (p *program) destination(machine *Machine, place uint64) *block {
	if place >= uint64(len(p.code)) || p.code[place] != opJumpDestination {
		return nil
	}

	if p.scanned <= int(place) {
		p.scan(int(place))
	}

	if p.isDestination[place/32]>>(place%32)&1 == 0 {
		return nil
	}

	return p.at(machine, int(place))
}

// scan finds the JUMPDESTs up to a place.
func (p *program) scan(place int) {
	at, code := p.scanned, p.code[:place+1]
	for at < len(code) {
		opcode := code[at]
		at++
		if opcode >= opPush1 && opcode <= opPush32 {
			at += int(opcode-opPush1) + 1
		} else if opcode == opJumpDestination {
			p.isDestination[(at-1)/32] |= 1 << (uint(at-1) % 32)
		}
	}

	p.scanned = at
}

// decoder makes one block.
type decoder struct {
	program *program
	block   *block
	steps   []instruction
	// height is that of the stack against the block's start, lowest and highest its extremes.
	height, lowest, highest int
	// constantAt is one more than the index of the last step that pushes a small constant.
	constantAt int
	// waiting are instructions whose argument is the gas of those behind them in the block: so far it is what was
	// spent before and by them.
	waiting []int
}

// decode makes the block that starts at a place.
func (p *program) decode(machine *Machine, place int) *block {
	d := decoder{program: p, block: &block{}, steps: machine.decoded[:0]}
	isOpen := true
	for start := place; isOpen; {
		switch {
		case place >= len(p.code):
			// Behind the code there are zeros, that is STOP.
			d.add(stop, 0)
			isOpen = false
		case p.code[place] == opJumpDestination && place > start:
			d.add(fall, 0)
			isOpen = false
		case machine.isStrict && len(d.steps) > 0:
			d.add(fall, 0)
			isOpen = false
		default:
			opcode := p.code[place]
			d.count(&operations[opcode])
			if opcode >= opPush1 && opcode <= opPush32 {
				place = d.push(place, int(opcode-opPush1)+1)
			} else {
				isOpen = d.step(opcode, place)
				place++
			}
		}
	}

	d.block.behind = place
	d.finish()
	machine.decoded = d.steps[:0]
	return d.block
}

func (d *decoder) add(run func(*frame, uint32), argument uint32) {
	d.steps = append(d.steps, instruction{run, argument})
}

// count takes an instruction's gas and operands into account.
func (d *decoder) count(operation *operation) {
	d.block.gas += operation.gas
	if d.height-operation.takes < d.lowest {
		d.lowest = d.height - operation.takes
	}

	d.height += operation.gives - operation.takes
	if d.height > d.highest {
		d.highest = d.height
	}
}

// push decodes a PUSH1 to PUSH32 at a place and returns the place behind it.
func (d *decoder) push(place, length int) int {
	data := d.program.code[place+1:]
	if len(data) > length {
		data = data[:length]
	}

	// Missing bytes at the end of the code are zeros.
	var padded [wordBytes]byte
	copy(padded[wordBytes-length:], data)
	var value u256.Int
	value.LoadBytes32(&padded)
	if value.IsUint64() && value[0]>>32 == 0 {
		d.add(pushSmall, uint32(value[0]))
		d.constantAt = len(d.steps)
	} else {
		d.add(pushLarge, uint32(len(d.program.constants)))
		d.program.constants = append(d.program.constants, value)
	}

	return place + 1 + length
}

// step decodes any other instruction and tells whether the block goes on behind it.
func (d *decoder) step(opcode byte, place int) bool {
	operation := &operations[opcode]
	last := len(d.steps) - 1
	hasConstant := d.constantAt > 0 && d.constantAt == len(d.steps)
	switch {
	case opcode == opJumpDestination:
	case opcode == opJump && hasConstant:
		d.steps[last].run = jumpTo
	case opcode == opJumpIf && hasConstant:
		d.steps[last].run = jumpToIf
	case operation.wantsPlace:
		d.add(operation.run, uint32(place))
	case operation.wantsGasBehind:
		d.waiting = append(d.waiting, len(d.steps))
		d.add(operation.run, d.block.gas)
	default:
		d.add(operation.run, operation.argument)
	}

	return !operation.endsBlock
}

// finish sets what is known only at the end of a block.
func (d *decoder) finish() {
	for _, index := range d.waiting {
		d.steps[index].argument = d.block.gas - d.steps[index].argument
	}

	finished := d.block
	// One more than there are, so that a pointer behind the last is still one into this very memory.
	finished.instructions = append(append(make([]instruction, 0, len(d.steps)+1), d.steps...), instruction{})
	finished.start = unsafe.Pointer(&finished.instructions[0])
	finished.end = uintptr(finished.start) + uintptr(len(d.steps))*unsafe.Sizeof(instruction{})
	finished.offsetMax = stackEnd + wordBytes*d.lowest
	finished.offsetMin = wordBytes * d.highest
}
