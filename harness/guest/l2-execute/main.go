// The native executor: what the fault-proof program computes inside the virtual machine, from the same source. See
// ../README.md.
package main

import (
	"fmt"
	"io"
	"os"

	"culverin/guest/console"
)

// Exit codes.
const (
	exitRight   = 0
	exitWrong   = 1
	exitUnknown = 2
)

const usage = `usage: l2-execute block [--l1 URL] FILE…
         executes each block on its parent's state and compares its hash with the expected one
       l2-execute channel [--chain-id N] FILE…
         reads channels, the data of batcher transactions or such transactions, signed, and prints them as JSON
       l2-execute batch [--chain-id N] FILE…
         reads batches, or what a channel holds decompressed
       l2-execute statetest [--fork NAME] [--l1 URL] PATH…
         runs Ethereum's state tests, and blockchain tests, in files and in the folders' *.json files
  --chain-id N  the L2 that the transactions in span batches are signed for; 10 (OP Mainnet) unless given
  --fork NAME  only the cases of this fork: Cancun or Prague
  --l1 URL  an L1 node that answers precompiled contracts (8, 0x0a, 0x0b to 0x11)
  -h, --help  this text; --version  the version; --  what follows are paths
a FILE or PATH may be "-", standard input, once; a pipe with a name is waited for 10 seconds at most
files of channel and batch hold bytes, or their digits in hex; each line of output is the JSON of one file
exit codes: 0 all are right, 1 something is wrong or malformed, 2 something is unknown or the command is none
`

func main() {
	console.Start()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program; a verdict that its reader did not get is unknown.
func run(arguments []string, input io.Reader, target, complaints io.Writer) int {
	output := console.NewOutput(target)
	code := dispatch(arguments, console.NewFiles(input), output, complaints)
	if err := output.Err(); err != nil {
		fmt.Fprintf(complaints, "l2-execute: the output is lost: %v\n", err)
		if code == exitRight {
			code = exitUnknown
		}
	}

	return code
}

func dispatch(arguments []string, files *console.Files, output, complaints io.Writer) int {
	for _, argument := range arguments {
		switch argument {
		case "--help", "-h":
			fmt.Fprint(output, usage)
			return exitRight
		case "--version":
			fmt.Fprintf(output, "l2-execute version %s\n", console.Version)
			return exitRight
		}

		if argument == "--" {
			break
		}
	}

	if len(arguments) > 0 {
		switch arguments[0] {
		case "block":
			return runBlocks(arguments[1:], files, output, complaints)
		case "channel", "batch":
			return runReaders(arguments[0], arguments[1:], files, output, complaints)
		case "statetest":
			return runStateTests(arguments[1:], files, output, complaints)
		case "help":
			fmt.Fprint(output, usage)
			return exitRight
		}
	}

	fmt.Fprint(complaints, usage)
	return exitUnknown
}

// split takes the values of flags out of the arguments; the others are paths.
func split(arguments []string, flags map[string]*string) (paths []string, problem string) {
	for index := 0; index < len(arguments); index++ {
		argument := arguments[index]
		if argument == "--" {
			paths = append(paths, arguments[index+1:]...)
			break
		}

		if len(argument) < 2 || argument[0] != '-' {
			paths = append(paths, argument)
			continue
		}

		value, isKnown := flags[argument]
		if !isKnown {
			return nil, "there is no flag " + argument
		}

		index++
		if index == len(arguments) {
			return nil, argument + " needs a value"
		}

		*value = arguments[index]
	}

	if len(paths) == 0 {
		return nil, "no file was given"
	}

	return paths, ""
}
