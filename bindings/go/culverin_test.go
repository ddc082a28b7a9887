package culverin

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func engineThat(t *testing.T, script string) *Engine {
	t.Helper()
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return &Engine{Binary: path}
}

func calls(e *Engine) map[string]error {
	ctx := context.Background()
	errs := map[string]error{}
	_, errs["list"] = e.StateVersions(ctx)
	_, errs["run"] = e.Run(ctx, "state.bin", RunOptions{ProofsAt: []uint64{1}})
	_, errs["witness"] = e.Witness(ctx, "state.bin")
	_, errs["verify"] = e.Verify(ctx, "proof.json", 8)
	errs["loadElf"] = e.LoadElf(ctx, "program.elf", 8, "state.bin")
	errs["traceBuild"] = e.Trace("trace").Build(ctx, "state.bin", Sources{})
	_, errs["hash"] = e.Trace("trace").HashesAt(ctx, 1, 2)
	_, errs["proof"] = e.Trace("trace").ProofAt(ctx, 1)
	return errs
}

func TestAnotherProgramIsRefused(t *testing.T) {
	for script, want := range map[string]string{
		"exit 0":                            "is not culverin",
		"echo hello":                        "is not culverin",
		"echo '{}'":                         "is not culverin",
		"echo usage: something >&2; exit 3": "usage: something",
		`echo '{"schemaVersion":1,"report":"other"}'`:                                                     "is not culverin",
		`echo '{"schemaVersion":1,"report":"error","errorCode":4,"message":"The state is bad."}'; exit 1`: "The state is bad.",
	} {
		for name, err := range calls(engineThat(t, script)) {
			var refused *Error
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
				t.Errorf("%q, %s: %v", script, name, err)
			}
		}
	}
}

func TestReportsOfAnotherVersionAreRefused(t *testing.T) {
	for _, name := range []string{"list", "run", "witness", "traceBuild", "hash"} {
		err := calls(engineThat(t, `echo '{"schemaVersion":2,"report":"`+name+`"}'`))[name]
		if err == nil || !strings.Contains(err.Error(), "reports of version 2; this package reads version 1") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMissingProgramIsAnError(t *testing.T) {
	e := &Engine{Binary: filepath.Join(t.TempDir(), "missing")}
	if _, err := e.StateVersions(context.Background()); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestACancelledContextEndsTheProgram(t *testing.T) {
	// The second ignores the signal, and leaves a child that holds its output open.
	for _, script := range []string{"exec sleep 10", "trap '' TERM; sleep 10 & sleep 10"} {
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		e := engineThat(t, script)
		patience := stopPatience
		stopPatience = time.Second
		_, err := e.StateVersions(ctx)
		stopPatience = patience
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%q: %v", script, err)
		}
	}
}
