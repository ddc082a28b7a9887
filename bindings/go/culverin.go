// Package culverin runs the Culverin fault-proof engine as a child process.
//
// Out of process on purpose: see the README.
package culverin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Final is the trace index of the last state.
const Final = math.MaxUint64

const exitRejected = 3

// Error is what the engine refused; Code is a number of culverin.h, or the exit code where there is none.
type Error struct {
	Code    int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s (error %d)", e.Message, e.Code) }

// Engine starts the program; safe for any number of goroutines.
type Engine struct {
	// Binary is the program; CULVERIN_BIN, else "culverin", if empty.
	Binary string
}

// Sources say where pre-images come from, and where they are recorded.
type Sources struct {
	Folder string
	Replay string
	Record string
	// Server is a pre-image server's program and arguments.
	Server []string
}

// StateVersion is a version of the state.
type StateVersion struct {
	Number   uint8  `json:"stateVersion"`
	Type     string `json:"type"`
	WordBits int    `json:"wordBits"`
}

// Witness is what a state file commits to.
type Witness struct {
	StateVersion uint8  `json:"stateVersion"`
	Hash         string `json:"witnessHash"`
	Witness      string `json:"witness"`
	Step         uint64 `json:"step"`
	Exited       bool   `json:"exited"`
	ExitCode     uint8  `json:"exitCode"`
}

// RunOptions say how far a run goes and what it leaves.
type RunOptions struct {
	Sources
	// UntilStep stops the run there; 0 for the guest's end.
	UntilStep uint64
	// ProofsAt are the steps to prove.
	ProofsAt []uint64
	// Output is where the last state goes; nowhere if empty.
	Output string
}

// RunResult is how a run ended. Proofs holds the bytes of the proofs' files.
type RunResult struct {
	Outcome   string            `json:"outcome"`
	Step      uint64            `json:"step"`
	Exited    bool              `json:"exited"`
	ExitCode  uint8             `json:"exitCode"`
	StateHash string            `json:"stateHash"`
	Proofs    map[uint64][]byte `json:"-"`
}

// StateVersions lists the versions that the program runs.
func (e *Engine) StateVersions(ctx context.Context) ([]StateVersion, error) {
	var report struct {
		Versions []StateVersion `json:"versions"`
	}
	err := e.report(ctx, &report, "list")
	return report.Versions, err
}

// LoadElf makes the first state of a program and writes it to a state file.
func (e *Engine) LoadElf(ctx context.Context, program string, version uint8, out string) error {
	name, err := e.typeOf(ctx, version)
	if err != nil {
		return err
	}
	var report struct{}
	return e.report(ctx, &report, "load-elf", "--type", name, "--path", program, "--out", out, "--meta", "")
}

// Run runs a state file.
func (e *Engine) Run(ctx context.Context, input string, options RunOptions) (*RunResult, error) {
	folder, err := os.MkdirTemp("", "culverin-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	words := []string{"run", "--input", input, "--output=" + options.Output, "--trace-disk", "0", "--meta=", "--json",
		"--proof-fmt", filepath.Join(folder, "%d.json")}
	if len(options.ProofsAt) > 0 {
		words = append(words, "--proof-at", "="+strings.ReplaceAll(join(options.ProofsAt), ",", ",="))
	}
	if options.UntilStep > 0 {
		words = append(words, "--stop-at", "="+number(options.UntilStep))
	}
	text, err := e.execute(ctx, options.Sources.flags(words)...)
	if err != nil {
		return nil, err
	}
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	result := RunResult{Proofs: map[uint64][]byte{}}
	if err := json.Unmarshal(lines[len(lines)-1], &result); err != nil {
		return nil, err
	}
	for _, step := range options.ProofsAt {
		proof, err := os.ReadFile(filepath.Join(folder, number(step)+".json"))
		if err == nil {
			result.Proofs[step] = proof
		} else if !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return &result, nil
}

// Witness describes a state file; the hash of a first state is the absolute prestate.
func (e *Engine) Witness(ctx context.Context, input string) (*Witness, error) {
	var witness Witness
	return &witness, e.report(ctx, &witness, "witness", "--input", input)
}

// Verify checks a proof file as the contract does; false if the contract would revert.
func (e *Engine) Verify(ctx context.Context, proof string, version uint8) (bool, error) {
	name, err := e.typeOf(ctx, version)
	if err != nil {
		return false, err
	}
	var report struct{}
	err = e.report(ctx, &report, "verify", "--proof", proof, "--type", name)
	var refused *Error
	if errors.As(err, &refused) && refused.Code == exitRejected {
		return false, nil
	}
	return err == nil, err
}

// Trace is a trace index in a folder of the caller's.
func (e *Engine) Trace(folder string) *Trace { return &Trace{engine: e, folder: folder} }

// Trace answers for any step of a run; one process at a time may use its folder.
type Trace struct {
	engine *Engine
	folder string
}

// Build begins the trace of a state file, or goes on with it, to the guest's end.
func (t *Trace) Build(ctx context.Context, input string, sources Sources) error {
	words := []string{"trace", "build", "--dir", t.folder, "--input", input, "--json"}
	_, err := t.engine.execute(ctx, sources.flags(words)...)
	return err
}

// HashesAt tells the state hashes before some steps, in the order asked.
func (t *Trace) HashesAt(ctx context.Context, steps ...uint64) ([]string, error) {
	text, err := t.engine.execute(ctx, "trace", "hash", "--dir", t.folder, "--at", join(steps))
	if err != nil {
		return nil, err
	}
	var hashes []string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		_, hash, _ := strings.Cut(line, " ")
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

// ClaimAt tells the claim at a trace index: the hash after index + 1 steps of a trace from step 0.
func (t *Trace) ClaimAt(ctx context.Context, index uint64) (string, error) {
	if index < Final {
		index++
	}
	hashes, err := t.HashesAt(ctx, index)
	if err != nil {
		return "", err
	}
	return hashes[0], nil
}

// ProofAt makes the proof of a step: the bytes of its file.
func (t *Trace) ProofAt(ctx context.Context, step uint64) ([]byte, error) {
	return t.engine.execute(ctx, "trace", "proof", "--dir", t.folder, "--at", number(step), "--proof-fmt", "-")
}

func (s Sources) flags(words []string) []string {
	for _, flag := range []struct{ name, value string }{
		{"--oracle-dir", s.Folder}, {"--replay", s.Replay}, {"--record", s.Record},
	} {
		if flag.value != "" {
			words = append(words, flag.name, flag.value)
		}
	}
	if len(s.Server) > 0 {
		words = append(append(words, "--"), s.Server...)
	}
	return words
}

func (e *Engine) typeOf(ctx context.Context, version uint8) (string, error) {
	versions, err := e.StateVersions(ctx)
	if err != nil {
		return "", err
	}
	for _, known := range versions {
		if known.Number == version {
			return known.Type, nil
		}
	}
	return "", &Error{Code: 5, Message: fmt.Sprintf("There is no state version %d.", version)}
}

func (e *Engine) report(ctx context.Context, report any, words ...string) error {
	text, err := e.execute(ctx, append(words, "--json")...)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, report)
}

// A cancelled context sends SIGTERM, on which the program stops between two steps.
func (e *Engine) execute(ctx context.Context, words ...string) ([]byte, error) {
	binary := e.Binary
	if binary == "" {
		binary = os.Getenv("CULVERIN_BIN")
	}
	if binary == "" {
		binary = "culverin"
	}
	command := exec.CommandContext(ctx, binary, words...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	var output, log bytes.Buffer
	command.Stdout = &output
	command.Stderr = &log
	err := command.Run()
	if err == nil {
		return output.Bytes(), nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return nil, err
	}
	return nil, refusal(ended.ExitCode(), output.Bytes(), log.String())
}

func refusal(code int, output []byte, log string) error {
	lines := bytes.Split(bytes.TrimSpace(output), []byte("\n"))
	var report struct {
		Report  string `json:"report"`
		Code    int    `json:"errorCode"`
		Message string `json:"message"`
	}
	if json.Unmarshal(lines[len(lines)-1], &report) == nil && report.Report == "error" {
		return &Error{Code: report.Code, Message: report.Message}
	}
	return &Error{Code: code, Message: strings.TrimSpace(log)}
}

func number(step uint64) string { return strconv.FormatUint(step, 10) }

func join(steps []uint64) string {
	words := make([]string, len(steps))
	for index, step := range steps {
		words[index] = number(step)
	}
	return strings.Join(words, ",")
}
