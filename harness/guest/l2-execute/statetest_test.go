package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culverin/guest/testkit/fixture"
)

// exampleTest writes a state test of the fixtures, with some of its text replaced, and returns its path.
func exampleTest(t *testing.T, replacements ...string) string {
	t.Helper()
	data := fixture.Read(t, "general-state-tests-cancun.tar.xz", "./GeneralStateTests/stExample/add11.json")
	path := filepath.Join(t.TempDir(), "test.json")
	if err := os.WriteFile(path, []byte(strings.NewReplacer(replacements...).Replace(string(data))), 0o600); err != nil {
		t.Fatal(err)
	}

	return path
}

func TestStateTestsAreJudged(t *testing.T) {
	right := exampleTest(t)
	expect(t, []string{"statetest", right}, 0, "1 passed, 0 failed, 0 excluded")
	expect(t, []string{"statetest", "--fork", "Cancun", filepath.Dir(right)}, 0, "1 passed, 0 failed, 0 excluded")

	otherRoot := exampleTest(t, "0xe8010ce5", "0xe8010ce6")
	expect(t, []string{"statetest", otherRoot}, 1, "0 passed, 1 failed, 0 excluded", "add11", "state root 0xe8010ce5")
	otherLogs := exampleTest(t, "0x1dcc4de8dec75d7a", "0x1dcc4de8dec75d7b")
	expect(t, []string{"statetest", otherLogs, right}, 1, "1 passed, 1 failed, 0 excluded", "hash of the logs")
	refused := exampleTest(t, `"nonce" : "0x00",
                "storage" : {
                }
            }
        },`, `"nonce" : "0x01",
                "storage" : {
                }
            }
        },`)
	expect(t, []string{"statetest", refused}, 1, "0 passed, 1 failed, 0 excluded", "refused: ")
}

func TestWhatIsNoStateTestIsTold(t *testing.T) {
	right := exampleTest(t)
	expect(t, []string{"statetest"}, 2, "no file was given")
	expect(t, []string{"statetest", t.TempDir()}, 2, "no case")
	expect(t, []string{"statetest", filepath.Join(t.TempDir(), "absent")}, 2, "absent")
	expect(t, []string{"statetest", "--fork", "Osaka", right}, 2, "Osaka", "known are Cancun, Prague")
	expect(t, []string{"statetest", "--fork", "Prague", right}, 2, "no case")
	for wrong, better := range map[string]string{
		"{": `"env"`, "{ ": `"post"`, `"currentNumber" : "x1"`: `"currentNumber" : "0x01"`,
		`"0x10a94f5374fce5edbc8e2a8697c15331677e6ebf0b" :`: `"0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b" :`,
	} {
		if code := run([]string{"statetest", exampleTest(t, better, wrong)}, strings.NewReader(""), &strings.Builder{}, &strings.Builder{}); code == 0 {
			t.Errorf("%s instead of %s: exit code 0", wrong, better)
		}
	}
}

func TestOddFilesAmongStateTestsAreNamed(t *testing.T) {
	folder := filepath.Dir(exampleTest(t))
	for name, content := range map[string]string{
		"a-list.json": "[]", "b-half.json": `{"x": {"post"`, "c-other.json": `{"x": {}, "y": null}`, "d-none.json": "{}",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	if err := os.Symlink("absent", filepath.Join(folder, "z-link.json")); err != nil {
		t.Fatal(err)
	}

	expect(t, []string{"statetest", folder}, exitWrong, "a-list.json: malformed", "b-half.json: malformed",
		"c-other.json: x: malformed: neither", "c-other.json: y: malformed: neither", "d-none.json: malformed: there is no test",
		"unknown: "+filepath.Join(folder, "z-link.json"), "1 passed, 5 failed, 0 excluded, 1 unknown\n")
	expect(t, []string{"statetest", filepath.Join(folder, "absent"), filepath.Join(folder, "test.json")}, exitUnknown,
		"1 passed, 0 failed, 0 excluded, 1 unknown\n")
}
