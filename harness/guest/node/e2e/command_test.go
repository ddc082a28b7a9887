package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/rig"
)

// TestCommands uses the programs as an operator does: a sequencer, a verifier and a batcher in processes of their own,
// which end with 0 when they are told to.
func TestCommands(t *testing.T) {
	t.Parallel()
	program := rig.Program(t)
	l1 := rig.StartL1(t)
	folder := t.TempDir()
	files := l1.NewFiles(100, rig.Holocene)
	flags := files.Write(t, folder)
	first := l1.StartProcess(program, append(flags, "--data", t.TempDir(), "--sequencer")...)
	defer first.Kill()
	second := l1.StartProcess(program, append(flags, "--data", t.TempDir())...)
	defer second.Kill()
	key := filepath.Join(folder, "key")
	if err := os.WriteFile(key, []byte(fmt.Sprintf("0x%064x\n", uint64(rig.BatcherKey))), 0o600); err != nil {
		t.Fatal(err)
	}

	poster := exec.Command(program, "batcher", "--rollup", filepath.Join(folder, "rollup.json"),
		"--l1-config", filepath.Join(folder, "l1-config.json"), "--l1", l1.URL, "--l2", first.URL, "--key", key,
		"--poll", "10ms", "--brotli")
	anvil.EndWithTest(poster)
	var said strings.Builder
	poster.Stderr = &said
	if err := poster.Start(); err != nil {
		t.Fatal(err)
	}

	for end := time.Now().Add(60 * time.Second); second.Status().Safe.Number < 30; time.Sleep(50 * time.Millisecond) {
		l1.Mine(1)
		if time.Now().After(end) {
			t.Errorf("nothing became safe; the batcher said: %s", said.String())
			break
		}
	}

	compare(t, first.Node, second.Node, second.Status().Safe.Number)
	for name, end := range map[string]func() error{
		"batcher": func() error {
			_ = poster.Process.Signal(syscall.SIGTERM)
			return poster.Wait()
		},
		"sequencer": first.End, "verifier": second.End,
	} {
		if err := end(); err != nil {
			t.Errorf("the %s: %v, %s", name, err, said.String())
		}
	}
}

// TestANodeThatCannotTellItsAddressEnds: nobody could use it. Its database is not written over where descriptor 1 is closed.
func TestANodeThatCannotTellItsAddressEnds(t *testing.T) {
	t.Parallel()
	program := rig.Program(t)
	l1 := rig.StartL1(t)
	flags := l1.NewFiles(100, rig.Holocene).Write(t, t.TempDir())
	data := t.TempDir()
	flags = append(flags, "--data", data, "--l1", l1.URL, "--clock", "l1", "--poll", "5ms", "--sequencer")
	for _, redirection := range []string{">/dev/full", ">&-", ">&- <&-"} {
		command := exec.Command("sh", append([]string{"-c", `exec "$0" run "$@" ` + redirection, program}, flags...)...)
		var said strings.Builder
		command.Stderr = &said
		anvil.EndWithTest(command)
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}

		watch := time.AfterFunc(30*time.Second, func() { _ = command.Process.Kill() })
		_ = command.Wait()
		watch.Stop()
		if code := command.ProcessState.ExitCode(); code != 1 || !strings.Contains(said.String(), "the output is lost") {
			t.Errorf("%s: exit code %d: %s", redirection, code, said.String())
		}
	}

	node := l1.StartProcess(program, flags...)
	if err := node.End(); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
