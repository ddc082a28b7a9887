package evm

func stop(f *frame, _ uint32) {
	f.stop()
}

func invalid(f *frame, _ uint32) {
	f.fail(ErrInstruction)
}

// fall goes on with the block behind this one.
func fall(f *frame, _ uint32) {
	f.follow()
}

func (f *frame) follow() {
	present := f.present
	if present.follower == nil {
		present.follower = f.program.at(f.machine, present.behind)
	}

	f.next = present.follower
}

// leap goes on at the block of a destination that is not known beforehand.
func (f *frame) leap(place uint64, isPlace bool) {
	f.next = nil
	if isPlace {
		f.next = f.program.destination(f.machine, place)
	}

	if f.next == nil {
		f.fail(ErrJump)
	}
}

// leapTo goes on at the block of a destination that is always the same for the present block.
func (f *frame) leapTo(place uint32) {
	present := f.present
	if present.target == nil {
		present.target = f.program.destination(f.machine, uint64(place))
	}

	f.next = present.target
	if f.next == nil {
		f.fail(ErrJump)
	}
}

func jump(f *frame, _ uint32) {
	place := &f.top()[0]
	f.offset += wordBytes
	f.leap(place[0], place.IsUint64())
}

func jumpIf(f *frame, _ uint32) {
	t := f.top()
	f.offset += 2 * wordBytes
	if t[1].IsZero() {
		f.follow()
		return
	}

	f.leap(t[0][0], t[0].IsUint64())
}

// jumpTo is a constant pushed and JUMP.
func jumpTo(f *frame, place uint32) {
	f.leapTo(place)
}

// jumpToIf is a constant pushed and JUMPI.
func jumpToIf(f *frame, place uint32) {
	condition := &f.top()[0]
	f.offset += wordBytes
	if condition.IsZero() {
		f.follow()
		return
	}

	f.leapTo(place)
}

func returnOutput(f *frame, _ uint32) {
	t := f.top()
	if data, ok := f.reach(&t[0], &t[1], 0); ok {
		f.output = data
		f.stop()
	}
}

func revert(f *frame, _ uint32) {
	t := f.top()
	if data, ok := f.reach(&t[0], &t[1], 0); ok {
		f.output = data
		f.fail(ErrRevert)
	}
}
