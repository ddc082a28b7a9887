// Package kzg asks a program of its own for commitments and proofs of blobs (EIP-4844): there is no KZG library in Go for
// Debian. The program is harness/contracts/kzg.cjs over @crate-crypto/node-eth-kzg; it is started when it is first needed,
// and again if it ends or does not answer.
package kzg

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"culverin/guest/derive"
	"culverin/guest/node/hexjson"
)

// Sizes in bytes.
const (
	CommitmentBytes = 48
	ProofBytes      = 48
)

// CellCount is how many proofs a sidecar of version 1 has for a blob (EIP-7594).
const CellCount = 128

// hashVersion is the first byte of a versioned hash (EIP-4844, VERSIONED_HASH_VERSION_KZG).
const hashVersion = 1

// answerTime is how long the program may take for an answer; proofs of cells take most, a part of a second.
const answerTime = 60 * time.Second

// answerBytesMax is the longest line of an answer.
const answerBytesMax = 1 << 20

// Process is the program. It may be used by many goroutines, and answers one after the other.
type Process struct {
	path string

	mutex   sync.Mutex
	command *exec.Cmd
	input   io.WriteCloser
	lines   chan []byte
	last    uint64
}

// New runs a script by Node.js.
func New(path string) *Process {
	return &Process{path: path}
}

// VersionedHash is how a transaction names a blob with this commitment.
func VersionedHash(commitment []byte) (hash [32]byte) {
	hash = sha256.Sum256(commitment)
	hash[0] = hashVersion
	return hash
}

// HasHash tells whether a blob has a versioned hash. An error says that it cannot be told.
func (process *Process) HasHash(blob []byte, versionedHash [32]byte) (bool, error) {
	if len(blob) != derive.BlobBytes {
		return false, nil
	}

	commitment, err := process.Commitment(blob)
	var refused *RefusedError
	if errors.As(err, &refused) {
		// Not all its elements are below the modulus: it is no blob.
		return false, nil
	}

	return err == nil && VersionedHash(commitment) == versionedHash, err
}

// Commitment is a blob's.
func (process *Process) Commitment(blob []byte) ([]byte, error) {
	return process.bytes(CommitmentBytes, "commitment", hexjson.Bytes(blob))
}

// Proof is that of a whole blob, for a sidecar of version 0.
func (process *Process) Proof(blob, commitment []byte) ([]byte, error) {
	return process.bytes(ProofBytes, "proof", hexjson.Bytes(blob), hexjson.Bytes(commitment))
}

// CellProofs are those of a blob's cells, for a sidecar of version 1.
func (process *Process) CellProofs(blob []byte) ([][]byte, error) {
	var list []hexjson.Bytes
	if err := process.ask(&list, "cells", hexjson.Bytes(blob)); err != nil {
		return nil, err
	}

	if len(list) != CellCount {
		return nil, fmt.Errorf("kzg: %d proofs where %d belong", len(list), CellCount)
	}

	proofs := make([][]byte, len(list))
	for index := range list {
		proofs[index] = list[index]
	}

	return proofs, nil
}

func (process *Process) bytes(length int, method string, parameters ...interface{}) ([]byte, error) {
	var result hexjson.Bytes
	if err := process.ask(&result, method, parameters...); err != nil {
		return nil, err
	}

	if len(result) != length {
		return nil, fmt.Errorf("kzg: %d bytes where %d belong", len(result), length)
	}

	return result, nil
}

// RefusedError is what the program says about data that are none.
type RefusedError struct {
	Reason string
}

func (failure *RefusedError) Error() string {
	return "kzg: " + failure.Reason
}

func (process *Process) ask(result interface{}, method string, parameters ...interface{}) error {
	process.mutex.Lock()
	defer process.mutex.Unlock()
	if process.command == nil {
		if err := process.start(); err != nil {
			return fmt.Errorf("kzg: %s cannot be run by node: %w", process.path, err)
		}
	}

	process.last++
	question, err := json.Marshal(map[string]interface{}{"id": process.last, "method": method, "parameters": parameters})
	if err != nil {
		return err
	}

	// A program that does not read must not stop this one.
	written := make(chan error, 1)
	input := process.input
	go func() {
		_, err := input.Write(append(question, '\n'))
		written <- err
	}()
	var line []byte
	isOpen := false
	select {
	case line, isOpen = <-process.lines:
	case <-time.After(answerTime):
	}

	var answer struct {
		ID     uint64          `json:"id"`
		Result json.RawMessage `json:"result"`
		Error  *string         `json:"error"`
	}
	if !isOpen || json.Unmarshal(line, &answer) != nil || answer.ID != process.last {
		process.end()
		return fmt.Errorf("kzg: %s did not answer", process.path)
	}

	if answer.Error != nil {
		return &RefusedError{*answer.Error}
	}

	return json.Unmarshal(answer.Result, result)
}

func (process *Process) start() error {
	command := exec.Command("node", process.path)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		return err
	}

	output, err := command.StdoutPipe()
	if err != nil {
		return err
	}

	if err := command.Start(); err != nil {
		return err
	}

	lines := make(chan []byte)
	go func() {
		defer close(lines)
		reader := bufio.NewScanner(output)
		reader.Buffer(nil, answerBytesMax)
		for reader.Scan() {
			lines <- append([]byte(nil), reader.Bytes()...)
		}
	}()
	process.command, process.input, process.lines = command, input, lines
	return nil
}

// end stops the program, if it runs.
func (process *Process) end() {
	if process.command == nil {
		return
	}

	_ = process.input.Close()
	_ = process.command.Process.Kill()
	go func(lines chan []byte) {
		for range lines {
		}
	}(process.lines)
	_ = process.command.Wait()
	process.command = nil
}

// Close stops the program.
func (process *Process) Close() {
	process.mutex.Lock()
	defer process.mutex.Unlock()
	process.end()
}
