package console

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"culverin/guest/testkit/fixture"
)

// asProgram in the environment makes a test's process the program below.
const asProgram = "CULVERIN_CONSOLE_TEST"

// TestMain is a program that opens a file, says a line, and tells by its exit code whether the line was lost.
func TestMain(m *testing.M) {
	path := os.Getenv(asProgram)
	if path == "" {
		os.Exit(m.Run())
	}

	Start()
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		panic(err)
	}

	output := NewOutput(os.Stdout)
	fmt.Fprintln(output, strings.Repeat("line ", 2000))
	fmt.Fprintf(os.Stderr, "%v\n", output.Err())
	_ = file.Close()
	if output.Err() != nil {
		os.Exit(5)
	}
}

func TestLostOutputIsNoticedAndHarmsNoFile(t *testing.T) {
	for redirection, problem := range map[string]string{
		">/dev/full": "no space left", ">&-": "bad file descriptor", "| true": "broken pipe", ">&- <&- 2>&-": "",
		"> \"$FOLDER/short\"": "file too large", ">/dev/null": "", "</dev/null >/dev/null": "",
	} {
		folder := t.TempDir()
		path := filepath.Join(folder, "database")
		if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
			t.Fatal(err)
		}

		// The pipe's reader has ended before anything is written.
		script := `(sleep 0.3; "$0"; echo $? > "$FOLDER/code") ` + redirection
		if strings.Contains(redirection, "short") {
			script = "ulimit -f 4; " + script
		}

		command := exec.Command("bash", "-c", script, os.Args[0])
		command.Env = append(os.Environ(), asProgram+"="+path, "FOLDER="+folder)
		var complaints bytes.Buffer
		command.Stderr = &complaints
		_ = command.Run()
		code, err := os.ReadFile(filepath.Join(folder, "code"))
		want := "5\n"
		if strings.HasSuffix(redirection, "/dev/null") {
			want = "0\n"
		}

		if err != nil || string(code) != want || !strings.Contains(complaints.String(), problem) {
			t.Errorf("%s: code %q, %v, %s", redirection, code, err, complaints.String())
		}

		if data, _ := os.ReadFile(path); string(data) != "precious" {
			t.Errorf("%s: the file holds %q", redirection, data)
		}
	}
}

func TestFilesAreReadWithinBounds(t *testing.T) {
	folder := t.TempDir()
	name := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(name("file"), []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}

	for _, pipe := range []string{"silent", "stalled", "written"} {
		if err := syscall.Mkfifo(name(pipe), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	// Whoever opens both ends waits for nobody.
	stalled, err := os.OpenFile(name("stalled"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}

	defer stalled.Close()
	go func() { _ = os.WriteFile(name("written"), bytes.Repeat([]byte("w"), 1<<20), 0o600) }()
	const patience = 300 * time.Millisecond
	for path, problem := range map[string]string{
		name("file"): "", name("absent"): "no such file", folder: "is a folder", "/dev/zero": "neither a file nor a pipe",
		name("silent"): "nobody wrote to for 300ms", name("stalled"): "nobody wrote to for 300ms",
	} {
		data, err := readFile(path, patience)
		if (err == nil) != (problem == "") || err != nil && !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: %q, %v", path, data, err)
		}
	}

	if data, err := ReadFile(name("written")); err != nil || len(data) != 1<<20 {
		t.Errorf("a pipe that is written: %d bytes, %v", len(data), err)
	}

	files := NewFiles(strings.NewReader("input"))
	if data, err := files.Read("-"); err != nil || string(data) != "input" {
		t.Errorf("standard input: %q, %v", data, err)
	}

	if _, err := files.Read("-"); err == nil || !strings.Contains(err.Error(), "read already") {
		t.Errorf("standard input, again: %v", err)
	}
}

func TestAFileHasItsMost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "long")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}

	if err := os.Truncate(path, FileBytesMax+1); err != nil {
		t.Fatal(err)
	}

	if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), "over 1024 MiB") {
		t.Errorf("%v", err)
	}
}

func TestTheVersionIsTheProjects(t *testing.T) {
	properties, err := os.ReadFile(filepath.Join(fixture.Repository(t), "Directory.Build.props"))
	if err != nil || !strings.Contains(string(properties), "<Version>"+Version+"</Version>") {
		t.Errorf("%s is not in Directory.Build.props, %v", Version, err)
	}
}
