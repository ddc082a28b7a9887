// The block program: runs in a virtual machine and executes one block of an L2. Exit code 0: the claimed hash is the
// block's. 1: it is not. 2: cannot be decided. See ../README.md.
package main

import (
	"encoding/hex"
	"runtime/debug"
	"syscall"

	"culverin/guest/blockclaim"
	"culverin/guest/oracle"
)

// garbageLimit is how many bytes the heap may have before garbage is collected. A block of today's size leaves less,
// so that nothing is spent on collecting. (On version 0 the loader takes the collector out.)
const garbageLimit = 1 << 30

const (
	exitRight   = 0
	exitWrong   = 1
	exitUnknown = 2
)

func main() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(garbageLimit)
	syscall.Exit(run())
}

func run() (exitCode int) {
	var failure *oracle.Failure
	defer func() {
		if failure != nil {
			say("unknown: " + failure.Text)
			exitCode = exitUnknown
		}
	}()
	defer oracle.Catch(&failure)
	source := oracle.New(oracle.Channel{})
	verdict := blockclaim.Decide(source, source, nil)
	if verdict.Reason != "" {
		say("no such block: " + verdict.Reason)
		return exitWrong
	}

	say("block 0x" + hex.EncodeToString(verdict.Hash[:]))
	if verdict.IsRight {
		say("the claim is right")
		return exitRight
	}

	say("the claim is wrong: 0x" + hex.EncodeToString(verdict.Claim[:]))
	return exitWrong
}

func say(line string) {
	// Nobody has to listen.
	_, _ = syscall.Write(1, []byte(line+"\n"))
}
