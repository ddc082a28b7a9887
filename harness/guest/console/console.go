// Package console is what the native programs have in common towards whoever starts them: descriptors, signals, output
// whose loss is noticed, files that are read within bounds, the version.
package console

import (
	"io"
	"os"
	"os/signal"
	"syscall"
)

// Version is that of the whole project (Directory.Build.props).
const Version = "0.1.0"

// Start is the first thing that a program does. Descriptors 0 to 2 that are closed are taken, so that no file or
// connection gets their numbers: a database as descriptor 1 would be written over by a line of output. Reading and
// writing them stays an error. Output that nobody reads, or that is too long for a file, becomes an error, too, instead
// of ending the program by a signal.
func Start() {
	const count = 3
	for descriptor := 0; descriptor < count; descriptor++ {
		var status syscall.Stat_t
		if syscall.Fstat(descriptor, &status) == syscall.EBADF {
			mode := syscall.O_RDONLY
			if descriptor == 0 {
				mode = syscall.O_WRONLY
			}

			// The lowest free number is taken, which is this one.
			_, _ = syscall.Open(os.DevNull, mode, 0)
		}
	}

	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE, syscall.SIGXFSZ)
}

// Output passes on what is written and keeps the first error; after it nothing more is written.
type Output struct {
	target io.Writer
	err    error
}

// NewOutput writes to target.
func NewOutput(target io.Writer) *Output {
	return &Output{target: target}
}

// Write writes all of data, or returns why not.
func (output *Output) Write(data []byte) (count int, err error) {
	if output.err == nil {
		count, output.err = output.target.Write(data)
	}

	return count, output.err
}

// Err tells why output was lost; nil if none was.
func (output *Output) Err() error {
	return output.err
}
