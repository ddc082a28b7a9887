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
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Final is the trace index of the last state.
const Final = math.MaxUint64

const (
	// The version of the program's reports that this package reads.
	schemaVersion = 1

	// What verify ends with when the contract would revert.
	exitRejected = 3

	// CULVERIN_E_UNSUPPORTED_VERSION and CULVERIN_E_PROCESS_START of culverin.h.
	codeUnsupportedVersion = 5
	codeProcessStart       = 15
)

// How long a program that was asked to stop may take before it is killed.
var stopPatience = 10 * time.Second

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
	err := e.report(ctx, &report, "list", "list")
	return report.Versions, err
}

// LoadElf makes the first state of a program and writes it to a state file.
func (e *Engine) LoadElf(ctx context.Context, program string, version uint8, out string) error {
	name, err := e.typeOf(ctx, version)
	if err != nil {
		return err
	}
	var report struct{}
	return e.report(ctx, &report, "loadElf", "load-elf", "--type", name, "--path", program, "--out", out, "--meta", "")
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
	text, err := e.execute(ctx, options.Sources.flags(words))
	if err != nil {
		return nil, err
	}
	result := RunResult{Proofs: map[uint64][]byte{}}
	if err := e.read(text, "run", &result); err != nil {
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
	return &witness, e.report(ctx, &witness, "witness", "witness", "--input", input)
}

// Verify checks a proof file as the contract does; false if the contract would revert.
func (e *Engine) Verify(ctx context.Context, proof string, version uint8) (bool, error) {
	name, err := e.typeOf(ctx, version)
	if err != nil {
		return false, err
	}
	words := []string{"verify", "--proof", proof, "--type", name, "--json"}
	text, err := e.execute(ctx, words, exitRejected)
	if err != nil {
		return false, err
	}
	var report struct {
		Valid bool `json:"valid"`
	}
	err = e.read(text, "verify", &report)
	return err == nil && report.Valid, err
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
	text, err := t.engine.execute(ctx, sources.flags(words))
	if err != nil {
		return err
	}
	var report struct{}
	return t.engine.read(text, "traceBuild", &report)
}

// HashesAt tells the state hashes before some steps, in the order asked.
func (t *Trace) HashesAt(ctx context.Context, steps ...uint64) ([]string, error) {
	words := []string{"trace", "hash", "--dir", t.folder, "--at", join(steps), "--json"}
	text, err := t.engine.execute(ctx, words)
	if err != nil {
		return nil, err
	}
	var hashes []string
	for _, line := range bytes.Split(bytes.TrimSpace(text), []byte("\n")) {
		var report struct {
			Hash string `json:"stateHash"`
		}
		if err := t.engine.read(line, "hash", &report); err != nil {
			return nil, err
		}
		hashes = append(hashes, report.Hash)
	}
	if len(hashes) != len(steps) {
		return nil, t.engine.strange(fmt.Sprintf("It told %d hashes of %d.", len(hashes), len(steps)))
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
	words := []string{"trace", "proof", "--dir", t.folder, "--at", number(step), "--proof-fmt", "-"}
	text, err := t.engine.execute(ctx, words)
	if err != nil {
		return nil, err
	}
	// Behind the end it is that of the last state.
	var proof struct {
		Step *uint64 `json:"step"`
	}
	if err := json.Unmarshal(text, &proof); err != nil || proof.Step == nil || *proof.Step > step {
		return nil, t.engine.strange("What it wrote is no proof of that step.")
	}
	return text, nil
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
	return "", &Error{Code: codeUnsupportedVersion, Message: fmt.Sprintf("There is no state version %d.", version)}
}

func (e *Engine) report(ctx context.Context, report any, name string, words ...string) error {
	text, err := e.execute(ctx, append(words, "--json"))
	if err != nil {
		return err
	}
	return e.read(text, name, report)
}

// What every report begins with.
type head struct {
	SchemaVersion *int   `json:"schemaVersion"`
	Report        string `json:"report"`
}

// Reads the one report, or the last of several lines.
func (e *Engine) read(text []byte, name string, report any) error {
	text = bytes.TrimSpace(text)
	var found head
	if json.Unmarshal(text, &found) != nil {
		text = text[bytes.LastIndexByte(text, '\n')+1:]
		if json.Unmarshal(text, &found) != nil {
			return e.strange("What it wrote is no report.")
		}
	}
	if found.SchemaVersion == nil || found.Report != name {
		return e.strange("What it wrote is no report of kind \"" + name + "\".")
	}
	if *found.SchemaVersion != schemaVersion {
		return &Error{Code: codeProcessStart, Message: fmt.Sprintf(
			"%s writes reports of version %d; this package reads version %d.",
			e.program(), *found.SchemaVersion, schemaVersion)}
	}
	return json.Unmarshal(text, report)
}

func (e *Engine) program() string {
	if e.Binary != "" {
		return e.Binary
	}
	if named := os.Getenv("CULVERIN_BIN"); named != "" {
		return named
	}
	return "culverin"
}

func (e *Engine) strange(why string) error {
	return &Error{Code: codeProcessStart, Message: e.program() + " is not culverin, or not this version's. " + why}
}

// Runs the program; exit codes other than 0 and those of also are errors. A cancelled context sends SIGTERM, on which
// the program stops between two steps.
func (e *Engine) execute(ctx context.Context, words []string, also ...int) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	command := exec.Command(e.program(), words...)
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	log, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go stopWith(ctx, command.Process, ended, output, log)
	text, said := readBoth(output, log)
	err = command.Wait()
	close(ended)
	if err == nil {
		return text, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return nil, err
	}
	for _, code := range also {
		if exit.ExitCode() == code {
			return text, nil
		}
	}
	return nil, e.refusal(exit, text, said)
}

// Stops a process when the context ends, by force and without its descendants' output when it takes too long.
func stopWith(ctx context.Context, process *os.Process, ended <-chan struct{}, pipes ...io.Closer) {
	select {
	case <-ended:
		return
	case <-ctx.Done():
	}
	_ = process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(stopPatience):
		_ = process.Kill()
		for _, pipe := range pipes {
			_ = pipe.Close()
		}
	}
}

func readBoth(output, log io.Reader) ([]byte, string) {
	var text, said bytes.Buffer
	var reading sync.WaitGroup
	reading.Add(1)
	go func() {
		defer reading.Done()
		_, _ = io.Copy(&said, log)
	}()
	_, _ = io.Copy(&text, output)
	reading.Wait()
	return text.Bytes(), strings.TrimSpace(said.String())
}

func (e *Engine) refusal(exit *exec.ExitError, output []byte, log string) error {
	var report struct {
		Code    int    `json:"errorCode"`
		Message string `json:"message"`
	}
	if err := e.read(output, "error", &report); err == nil {
		return &Error{Code: report.Code, Message: report.Message}
	}
	for _, line := range strings.Split(log, "\n") {
		if message, found := cutPrefix(line, "error: "); found {
			return &Error{Code: exit.ExitCode(), Message: message}
		}
	}
	return e.strange(fmt.Sprintf("It ended (%s) without a report and said: %s", exit, log))
}

func cutPrefix(text, prefix string) (string, bool) {
	return strings.TrimPrefix(text, prefix), strings.HasPrefix(text, prefix)
}

func number(step uint64) string { return strconv.FormatUint(step, 10) }

func join(steps []uint64) string {
	words := make([]string, len(steps))
	for index, step := range steps {
		words[index] = number(step)
	}
	return strings.Join(words, ",")
}
