package evm

import (
	"culverin/guest/precompile"
	"culverin/guest/state"
	"culverin/guest/u256"
)

// depthLimit is how deep calls may be nested below a transaction's own.
const depthLimit = 1024

// Gas of calls (Yellow Paper, appendix G).
const (
	callValueGas = 9000
	callStipend  = 2300
)

// message is what a frame is started with (Yellow Paper, 8).
type message struct {
	caller Address
	// account is the one whose storage and balance the code works on, code the one whose code it is (unused by a
	// creation).
	account, code *state.Account
	input         []byte
	gas           uint64
	value         u256.Int
	// movesValue: the value goes from the caller to the account.
	movesValue bool
	isStatic   bool
	depth      int
}

// transfer moves the value. Without one the account is touched all the same (EIP-161).
func (machine *Machine) transfer(m *message) {
	if m.value.IsZero() {
		m.account.AddBalance(&m.value)
		return
	}

	machine.State.Account(&m.caller).SubBalance(&m.value)
	m.account.AddBalance(&m.value)
}

// call executes a message; where it fails, the state is as before.
func (machine *Machine) call(m *message) Result {
	if m.depth > depthLimit {
		return Result{GasLeft: m.gas, Err: ErrDepth}
	}

	if m.movesValue && !m.value.IsZero() && machine.State.Account(&m.caller).Balance().IsBelow(&m.value) {
		return Result{GasLeft: m.gas, Err: ErrBalance}
	}

	snapshot := machine.State.Snapshot()
	if m.movesValue {
		machine.transfer(m)
	}

	result := machine.execute(m)
	if result.Err != nil {
		machine.State.Revert(snapshot)
	}

	return result
}

// execute runs the code or precompile that a call leads to.
func (machine *Machine) execute(m *message) Result {
	if precompile.Is(m.code.Address, machine.Rules) {
		output, gasLeft, err := precompile.Run(m.code.Address, m.input, m.gas, machine.Rules)
		return Result{output, gasLeft, err}
	}

	code := m.code.Code()
	if delegate, isDelegated := machine.delegate(code.Bytes); isDelegated {
		// EIP-7702: code of a precompile counts as none there, and a delegation is followed only once.
		if precompile.Is(delegate.Address, machine.Rules) {
			return Result{GasLeft: m.gas}
		}

		code = delegate.Code()
	}

	if len(code.Bytes) == 0 {
		return Result{GasLeft: m.gas}
	}

	return machine.start(m, programOf(code))
}

// programOf returns the decoded program of a contract's code.
func programOf(code *state.Code) *program {
	prepared, found := code.Prepared.(*program)
	if !found {
		prepared = &program{}
		prepared.reset(code.Bytes)
		code.Prepared = prepared
	}

	return prepared
}

// start runs a program for a message to its end.
func (machine *Machine) start(m *message, program *program) Result {
	f := machine.frame(m.depth)
	f.program, f.account, f.input, f.gas = program, m.account, m.input, m.gas
	f.caller, f.value, f.isStatic = m.caller, m.value, m.isStatic
	f.run()
	if f.err != nil && f.err != ErrRevert {
		return Result{Err: f.err}
	}

	return Result{f.output, f.gas, f.err}
}

// callGas takes what a call costs beyond its least, and returns the gas that goes with it: at most all but a 64th of
// the rest (EIP-150).
func (f *frame) callGas(asked *u256.Int, extra uint64) (given uint64, ok bool) {
	if !f.spend(extra) {
		return 0, false
	}

	given = allButOne64th(f.gas)
	if asked.IsUint64() && asked[0] < given {
		given = asked[0]
	}

	f.gas -= given
	return given, true
}

func allButOne64th(gas uint64) uint64 {
	return gas - gas/64
}

// target returns the account that a call names, with the gas for accessing it and what it delegates to.
func (f *frame) target(word *u256.Int) (target *state.Account, cost uint64) {
	target = f.machine.State.AccountOf(word)
	if target.Warm() {
		cost = coldAccountGas
	}

	if f.machine.Rules.Prague && !precompile.Is(target.Address, f.machine.Rules) {
		// EIP-7702: a cold or warm access to what the code delegates to comes on top.
		if delegate, isDelegated := f.machine.delegate(target.Code().Bytes); isDelegated {
			cost += warmGas
			if delegate.Warm() {
				cost += coldAccountGas
			}
		}
	}

	return target, cost
}

// places are the memory that a call reads its input from and writes its output to.
func (f *frame) places(inputOffset, inputSize, outputOffset, outputSize *u256.Int) (input, output []byte, ok bool) {
	if _, ok = f.reach(inputOffset, inputSize, 0); !ok {
		return nil, nil, false
	}

	if output, ok = f.reach(outputOffset, outputSize, 0); !ok {
		return nil, nil, false
	}

	// Again, since the memory may have moved.
	input, ok = f.reach(inputOffset, inputSize, 0)
	return input, output, ok
}

// finish takes the result of a call or creation back into the frame.
func (f *frame) finish(result Result, output []byte, success *u256.Int) {
	f.gas += result.GasLeft
	f.returned = result.Output
	copy(output, result.Output)
	success.SetBool(result.Err == nil)
	f.follow()
}

func call(f *frame, _ uint32) {
	t := f.top()
	value := t[2]
	if f.isStatic && !value.IsZero() {
		f.fail(ErrStatic)
		return
	}

	input, output, ok := f.places(&t[3], &t[4], &t[5], &t[6])
	if !ok {
		return
	}

	target, cost := f.target(&t[1])
	stipend := uint64(0)
	if !value.IsZero() {
		cost += callValueGas
		stipend = callStipend
		if target.IsEmpty() {
			cost += newAccountGas
		}
	}

	given, ok := f.callGas(&t[0], cost)
	if !ok {
		return
	}

	m := message{
		caller: f.account.Address, account: target, code: target, input: input, gas: given + stipend, value: value,
		movesValue: true, isStatic: f.isStatic, depth: f.depth + 1,
	}
	f.offset += 6 * wordBytes
	f.finish(f.machine.call(&m), output, &t[6])
}

// callCode runs another account's code on this one, which sends the value to itself.
func callCode(f *frame, _ uint32) {
	t := f.top()
	value := t[2]
	input, output, ok := f.places(&t[3], &t[4], &t[5], &t[6])
	if !ok {
		return
	}

	target, cost := f.target(&t[1])
	stipend := uint64(0)
	if !value.IsZero() {
		cost += callValueGas
		stipend = callStipend
	}

	given, ok := f.callGas(&t[0], cost)
	if !ok {
		return
	}

	m := message{
		caller: f.account.Address, account: f.account, code: target, input: input, gas: given + stipend, value: value,
		movesValue: true, isStatic: f.isStatic, depth: f.depth + 1,
	}
	f.offset += 6 * wordBytes
	f.finish(f.machine.call(&m), output, &t[6])
}

// delegateCall runs another account's code on this one, for this one's caller and value (EIP-7).
func delegateCall(f *frame, _ uint32) {
	t := f.top()
	input, output, ok := f.places(&t[2], &t[3], &t[4], &t[5])
	if !ok {
		return
	}

	target, cost := f.target(&t[1])
	given, ok := f.callGas(&t[0], cost)
	if !ok {
		return
	}

	m := message{
		caller: f.caller, account: f.account, code: target, input: input, gas: given, value: f.value,
		isStatic: f.isStatic, depth: f.depth + 1,
	}
	f.offset += 5 * wordBytes
	f.finish(f.machine.call(&m), output, &t[5])
}

// staticCall calls without a value, and nothing may change (EIP-214). The target is touched all the same.
func staticCall(f *frame, _ uint32) {
	t := f.top()
	input, output, ok := f.places(&t[2], &t[3], &t[4], &t[5])
	if !ok {
		return
	}

	target, cost := f.target(&t[1])
	given, ok := f.callGas(&t[0], cost)
	if !ok {
		return
	}

	m := message{
		caller: f.account.Address, account: target, code: target, input: input, gas: given,
		movesValue: true, isStatic: true, depth: f.depth + 1,
	}
	f.offset += 5 * wordBytes
	f.finish(f.machine.call(&m), output, &t[5])
}
