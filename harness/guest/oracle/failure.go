package oracle

// Failure is what a program ends with when a verdict would rest on data that are missing or malformed. It travels as a
// panic, since no caller between the place of the damage and the end of the program could do anything else with it.
type Failure struct {
	// Text says what was missing or malformed, as one sentence without its end.
	Text string
}

func (failure *Failure) Error() string {
	return failure.Text
}

// Fail ends the work on the block: it panics with a *Failure. Byte strings in name are added to the text in hex.
func Fail(text string, name ...[]byte) {
	const digits = "0123456789abcdef"
	message := []byte(text)
	for _, part := range name {
		message = append(message, " 0x"...)
		for _, octet := range part {
			message = append(message, digits[octet>>4], digits[octet&15])
		}
	}

	panic(&Failure{string(message)})
}

// Catch turns a panic by Fail back into a value; every other panic goes on. To be deferred:
//
//	defer oracle.Catch(&failure)
func Catch(failure **Failure) {
	switch cause := recover().(type) {
	case nil:
	case *Failure:
		*failure = cause
	default:
		panic(cause)
	}
}
