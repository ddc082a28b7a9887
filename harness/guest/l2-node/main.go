// An L2's node, over the same executor and derivation as the fault-proof program: sequencer or verifier, batcher, proposer.
// See ../README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"culverin/guest/console"
)

// Exit codes.
const (
	exitEnded  = 0
	exitFailed = 1
	exitUsage  = 2
)

const usage = `usage: l2-node run --genesis FILE --rollup FILE --l1 URL --data FOLDER [...]
         derives an L2 from L1, or sequences it, and serves JSON-RPC
       l2-node batcher --rollup FILE --l1 URL --l2 URL --key FILE [...]
         posts the blocks of the node at --l2 to L1
       l2-node proposer --factory ADDRESS --l1 URL --l2 URL --key FILE [...]
         claims the output roots of the node's safe head in dispute games
       l2-node genesis --genesis FILE --rollup FILE
         prints the hash of the L2's first block, whatever the file of the rollup says it is
l2-node COMMAND -h lists a command's flags; --version tells the version
exit codes: 0 ended as it was told to, 1 something went wrong that cannot be got over, 2 the command line or a file is none
`

// usageError says that the command line or a file is not what it should be.
type usageError struct {
	err error
}

func (failure *usageError) Error() string { return failure.err.Error() }

func main() {
	console.Start()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the program; that its output was lost is something that cannot be got over.
func run(ctx context.Context, arguments []string, target, complaints io.Writer) int {
	output := console.NewOutput(target)
	code := dispatch(ctx, arguments, output, complaints)
	if err := output.Err(); err != nil {
		fmt.Fprintf(complaints, "l2-node: the output is lost: %v\n", err)
		if code == exitEnded {
			code = exitFailed
		}
	}

	return code
}

func dispatch(ctx context.Context, arguments []string, output, complaints io.Writer) int {
	if len(arguments) == 0 {
		fmt.Fprint(complaints, usage)
		return exitUsage
	}

	commands := map[string]func(context.Context, []string, io.Writer, io.Writer) error{
		"run": runNode, "batcher": runBatcher, "proposer": runProposer, "genesis": runGenesis,
	}
	command, found := commands[arguments[0]]
	switch {
	case arguments[0] == "help" || arguments[0] == "-h" || arguments[0] == "--help":
		fmt.Fprint(output, usage)
		return exitEnded
	case arguments[0] == "--version":
		fmt.Fprintf(output, "l2-node version %s\n", console.Version)
		return exitEnded
	case !found:
		fmt.Fprint(complaints, usage)
		return exitUsage
	}

	err := command(ctx, arguments[1:], output, complaints)
	var wrong *usageError
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return exitEnded
	case errors.As(err, &wrong):
		fmt.Fprintf(complaints, "l2-node %s: %v\n", arguments[0], err)
		return exitUsage
	}

	fmt.Fprintf(complaints, "l2-node %s: %v\n", arguments[0], err)
	return exitFailed
}
