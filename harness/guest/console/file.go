package console

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// FileBytesMax bounds what is read of one file.
const FileBytesMax = 1 << 30

// patience is how long a pipe with a name may keep a program waiting: for somebody who opens it, and for each next bytes.
const patience = 10 * time.Second

// Files reads the files that a command line names; "-" is standard input, once.
type Files struct {
	input    io.Reader
	patience time.Duration
}

// NewFiles takes what stands for standard input.
func NewFiles(input io.Reader) *Files {
	return &Files{input, patience}
}

// Read returns a file's content.
func (files *Files) Read(path string) ([]byte, error) {
	if path != "-" {
		return readFile(path, files.patience)
	}

	if files.input == nil {
		return nil, errors.New("standard input was read already")
	}

	input := files.input
	files.input = nil
	return readAll(input, "standard input")
}

// ReadFile returns the content of a file or of a pipe with a name. Nothing else is opened, no pipe is waited for longer
// than 10 seconds, and no more than FileBytesMax is read.
func ReadFile(path string) ([]byte, error) {
	return readFile(path, patience)
}

func readFile(path string, patience time.Duration) ([]byte, error) {
	information, err := os.Stat(path)
	if err != nil {
		return nil, err
	}

	switch mode := information.Mode(); {
	case mode.IsDir():
		return nil, fmt.Errorf("%s is a folder", path)
	case !mode.IsRegular() && mode&fs.ModeNamedPipe == 0:
		return nil, fmt.Errorf("%s is neither a file nor a pipe", path)
	case information.Size() > FileBytesMax:
		return nil, tooLong(path)
	}

	file, err := open(path, patience)
	if err != nil {
		return nil, err
	}

	defer file.Close()
	return readAll(&patientReader{file, patience}, path)
}

// open waits for a pipe's writer, but not for ever.
func open(path string, patience time.Duration) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	result := make(chan opened)
	isLate := make(chan struct{})
	go func() {
		file, err := os.Open(path)
		select {
		case result <- opened{file, err}:
		case <-isLate:
			if err == nil {
				file.Close()
			}
		}
	}()
	select {
	case one := <-result:
		return one.file, one.err
	case <-time.After(patience):
		close(isLate)
		return nil, fmt.Errorf("%s is a pipe that nobody wrote to for %v", path, patience)
	}
}

// patientReader gives each read of a pipe a time; a file's reads need none.
type patientReader struct {
	file     *os.File
	patience time.Duration
}

func (reader *patientReader) Read(buffer []byte) (int, error) {
	_ = reader.file.SetReadDeadline(time.Now().Add(reader.patience))
	count, err := reader.file.Read(buffer)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = fmt.Errorf("%s is a pipe that nobody wrote to for %v", reader.file.Name(), reader.patience)
	}

	return count, err
}

func readAll(source io.Reader, name string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(source, FileBytesMax+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > FileBytesMax:
		return nil, tooLong(name)
	}

	return data, nil
}

func tooLong(name string) error {
	return fmt.Errorf("%s has over %d MiB", name, FileBytesMax>>20)
}
