package rig

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"culverin/guest/node/store"
	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/fixture"
)

// Program builds l2-node and returns its path.
func Program(t testing.TB) string {
	t.Helper()
	if !store.IsAvailable {
		t.Skip("did not run: this build has no bbolt (see node.mod)")
	}

	path := filepath.Join(t.TempDir(), "l2-node")
	build := exec.Command(filepath.Join(runtime.GOROOT(), "bin", "go"), "build", "-modfile=node.mod",
		"-tags=brotli,bbolt", "-o", path, "./l2-node")
	build.Dir = filepath.Join(fixture.Repository(t), "harness", "guest")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("l2-node cannot be built: %v\n%s", err, output)
	}

	return path
}

// Write puts the files into a folder and returns the flags that name them.
func (files *Files) Write(t testing.TB, folder string) (flags []string) {
	t.Helper()
	for name, content := range map[string][]byte{
		"genesis": files.Genesis, "rollup": files.Rollup, "l1-config": files.L1Config,
	} {
		path := filepath.Join(folder, name+".json")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}

		flags = append(flags, "--"+name, path)
	}

	return flags
}

// Process is a node in a process of its own.
type Process struct {
	*Node
	command *exec.Cmd
}

// StartProcess starts a program and waits until it serves.
func (l1 *L1) StartProcess(program string, arguments ...string) *Process {
	l1.t.Helper()
	command := exec.Command(program, append([]string{"run", "--l1", l1.URL, "--poll", "5ms", "--clock", "l1"}, arguments...)...)
	anvil.EndWithTest(command)
	var complaints strings.Builder
	command.Stderr = &complaints
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}

	if err != nil {
		l1.t.Fatal(err)
	}

	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if at := strings.Index(lines.Text(), "http://"); at >= 0 {
			go func() { _, _ = io.Copy(io.Discard, output) }()
			url := lines.Text()[at:]
			process := &Process{&Node{Node: anvil.Connect(l1.t, url), URL: url, t: l1.t}, command}
			process.Stop = process.Kill
			return process
		}
	}

	_ = command.Wait()
	l1.t.Fatalf("l2-node ended without serving: %s", complaints.String())
	return nil
}

// Kill ends the process as a crash does.
func (process *Process) Kill() {
	_ = process.command.Process.Kill()
	_ = process.command.Wait()
}

// End tells the process to end and returns what is wrong with how it did.
func (process *Process) End() error {
	if err := process.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}

	return process.command.Wait()
}
