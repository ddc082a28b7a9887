package evm

// BeStrict makes a machine check gas and stack before each instruction, as the Yellow Paper has it (9.4).
func (machine *Machine) BeStrict() {
	machine.isStrict = true
}

// Two bytes are what EXTCODE instructions saw of an account that delegates, by a text of EIP-7702 that was withdrawn.
var delegationMark = []byte{0xef, 0x01}

// UseWithdrawnRule makes EXTCODESIZE, EXTCODECOPY and EXTCODEHASH follow that text; the result ends it.
func UseWithdrawnRule() (end func()) {
	size, code, hash := operations[0x3b].run, operations[0x3c].run, operations[0x3f].run
	operations[0x3b].run = withMark(size)
	operations[0x3c].run = withMark(code)
	operations[0x3f].run = withMark(hash)
	return func() {
		operations[0x3b].run, operations[0x3c].run, operations[0x3f].run = size, code, hash
	}
}

// withMark runs an instruction while the account that it names has only the mark as code, if it delegates.
func withMark(run func(f *frame, argument uint32)) func(f *frame, argument uint32) {
	return func(f *frame, argument uint32) {
		account := f.machine.State.AccountOf(&f.top()[0])
		code := account.Code().Bytes
		if _, isDelegated := Delegate(code); !isDelegated {
			run(f, argument)
			return
		}

		account.SetCode(delegationMark)
		run(f, argument)
		account.SetCode(code)
	}
}
