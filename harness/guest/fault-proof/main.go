// The fault-proof program over derivation and executor: runs in a virtual machine and decides whether a claimed output root
// of an L2 is right. Exit code 0: it is. 1: it is not. 2: cannot be decided. See ../README.md.
package main

import (
	"encoding/hex"
	"runtime/debug"
	"strconv"
	"syscall"

	"culverin/guest/oracle"
	"culverin/guest/outputclaim"
)

// garbageLimit is how many bytes the heap may have before garbage is collected. (On version 0 the loader takes the
// collector out.)
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
	verdict := outputclaim.Decide(source, source, nil)
	say("output of block " + strconv.FormatUint(verdict.Block, 10) + ", by L1 up to block " +
		strconv.FormatUint(verdict.L1Origin, 10) + ": 0x" + hex.EncodeToString(verdict.Root[:]))
	if verdict.IsRight {
		say("the claim is right")
		return exitRight
	}

	say("the claim is wrong: block " + strconv.FormatUint(verdict.ClaimedBlock, 10) +
		", 0x" + hex.EncodeToString(verdict.Claim[:]))
	return exitWrong
}

func say(line string) {
	// Nobody has to listen.
	_, _ = syscall.Write(1, []byte(line+"\n"))
}
