// Package derive turns what stands on L1 into the blocks of an L2 (derivation.md of the OP Stack's specification, with
// the changes of Delta, Ecotone, Fjord, Granite, Holocene, Isthmus and Jovian). Formats of earlier forks are read; rules
// are those of Holocene and later.
//
// Everything that is read was written by strangers. A reader never allocates more than a small multiple of the data it
// was given, whatever they claim.
package derive

// MalformedError says that data are not what they should be. By the rules such data count for nothing; it is never a
// reason to stop.
type MalformedError struct {
	// Reason is a part of a sentence.
	Reason string
}

func (failure *MalformedError) Error() string {
	return "derive: " + failure.Reason
}

func malformed(reason string) error {
	return &MalformedError{reason}
}
