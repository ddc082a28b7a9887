// Package anvil starts a local Ethereum node for tests.
package anvil

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"culverin/guest/testkit/fixture"
)

// listening is what the node prints before the address that it serves.
const listening = "Listening on "

// Start starts a node on a free port of the loopback interface, with further arguments, and returns its URL. It is
// stopped when the test ends. Without the npm packages of harness/contracts the test is skipped.
func Start(t testing.TB, arguments ...string) (url string) {
	t.Helper()
	path := filepath.Join(fixture.Repository(t), "harness", "contracts", "node_modules", ".bin", "anvil")
	if _, err := os.Stat(path); err != nil {
		t.Skip("did not run: harness/contracts/node_modules has no anvil")
	}

	// The npm package's command starts the program as a child; only the program itself can be stopped by its id.
	if program, err := filepath.Glob(filepath.Join(
		fixture.Repository(t), "harness/contracts/node_modules/@foundry-rs/anvil-linux-*/bin/anvil")); err == nil && len(program) == 1 {
		path = program[0]
	}

	command := exec.Command(path, append([]string{"--host", "127.0.0.1", "--port", "0"}, arguments...)...)
	EndWithTest(command)
	output, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}

	if err = command.Start(); err != nil {
		t.Fatal(err)
	}

	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})

	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if at := strings.Index(lines.Text(), listening); at >= 0 {
			// What the node prints later is of no interest, but it must be able to print it.
			go func() { _, _ = io.Copy(io.Discard, output) }()
			return "http://" + strings.TrimSpace(lines.Text()[at+len(listening):])
		}
	}

	t.Fatal("anvil ended without listening")
	return ""
}
