package statetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/oracle"
)

// fork is an L1 upgrade that fixtures are made for.
type fork struct {
	name  string
	rules config.Rules
	// blobFraction is BLOB_BASE_FEE_UPDATE_FRACTION (EIP-4844, EIP-7691).
	blobFraction uint64
}

var forks = []fork{
	{"Cancun", config.L1Cancun, 3338477},
	{"Prague", config.L1Prague, 5007716},
}

func forkByName(name string) *fork {
	for index := range forks {
		if forks[index].name == name {
			return &forks[index]
		}
	}

	return nil
}

// Case is one test case that needs a word.
type Case struct {
	// Name is the file's, the test's and, in a state test, the fork's and the choice of data, gas and value.
	Name string
	// Reason says what is wrong, why the case was excluded, or by which other rule it passed.
	Reason string
}

// Report is the result of a run.
type Report struct {
	// Passed counts the cases that are right; Noted are those among them that follow an earlier rule.
	Passed int
	Noted  []Case
	// Failed and Excluded are the others; a file, or a test in one, that is none has failed, too.
	Failed, Excluded []Case
	// Unknown are paths that cannot be read.
	Unknown []Case
}

// Options of a run.
type Options struct {
	// Fork limits the run to the cases of one fork; "" is all that are known.
	Fork string
	// Read returns a file's content; nil is os.ReadFile.
	Read func(path string) ([]byte, error)
}

// Forks names the forks that can be run.
func Forks() (names []string) {
	for _, each := range forks {
		names = append(names, each.name)
	}

	return names
}

// standardInput stands for a file that only Options.Read knows.
const standardInput = "-"

// Run runs all cases in files, and in the files named *.json below folders, in the order of their names. What is odd
// among them is told in the report, and the rest goes on.
func Run(paths []string, options Options) *Report {
	if options.Read == nil {
		options.Read = os.ReadFile
	}

	report := &Report{}
	for _, path := range paths {
		if path == standardInput {
			report.runFile(path, options)
			continue
		}

		_ = filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				report.Unknown = append(report.Unknown, Case{name, err.Error()})
			case !entry.IsDir() && (name == path || isFixture(path, name)):
				report.runFile(name, options)
			}

			return nil
		})
	}

	return report
}

// isFixture leaves out what is beside the fixtures in hidden folders.
func isFixture(root, name string) bool {
	inside := strings.TrimPrefix(name, root)
	return strings.HasSuffix(name, ".json") && !strings.Contains(inside, string(filepath.Separator)+".")
}

func (report *Report) runFile(path string, options Options) {
	data, err := options.Read(path)
	if err != nil {
		report.Unknown = append(report.Unknown, Case{path, err.Error()})
		return
	}

	var tests map[string]json.RawMessage
	if err = json.Unmarshal(data, &tests); err == nil && len(tests) == 0 {
		err = errors.New("there is no test in it")
	}

	if err != nil {
		report.fail(path, err)
		return
	}

	names := make([]string, 0, len(tests))
	for name := range tests {
		names = append(names, name)
	}

	sort.Strings(names)
	for _, name := range names {
		full := path + ": " + name
		if err = report.runTest(full, tests[name], options); err != nil {
			report.fail(full, err)
		}
	}
}

// fail counts a file or a test that is none.
func (report *Report) fail(name string, err error) {
	report.Failed = append(report.Failed, Case{name, "malformed: " + err.Error()})
}

// runTest runs the cases of one test; an error tells that it is none.
func (report *Report) runTest(name string, data []byte, options Options) error {
	var chain blockchain
	var test single
	if err := json.Unmarshal(data, &chain); err != nil {
		return err
	}

	if chain.Blocks != nil {
		if options.Fork == "" || strings.Contains(chain.Network, options.Fork) {
			history := chain.history()
			report.add(name, func() verdict { return verdict{wrong: chain.check(&history)} })
		}

		return nil
	}

	if err := json.Unmarshal(data, &test); err != nil {
		return err
	}

	if test.Post == nil || test.Pre == nil {
		return errors.New("neither a state test nor a blockchain test")
	}

	for index := range forks {
		fork := &forks[index]
		if options.Fork != "" && options.Fork != fork.name {
			continue
		}

		for number := range test.Post[fork.name] {
			expected := &test.Post[fork.name][number]
			full := fmt.Sprintf("%s, %s, data %d, gas %d, value %d",
				name, fork.name, expected.Indexes.Data, expected.Indexes.Gas, expected.Indexes.Value)
			if len(expected.Transaction) > 0 && expected.Transaction[0] == block.BlobType {
				report.Excluded = append(report.Excluded, Case{full, "a transaction of type 3"})
				continue
			}

			report.add(full, func() verdict { return test.check(fork, expected) })
		}
	}

	return nil
}

// verdict is what came of a case.
type verdict struct {
	// wrong says what is wrong, nothing if the case passed.
	wrong string
	// note says what is special about a case that passed.
	note string
}

// add runs one case and counts its result.
func (report *Report) add(name string, run func() verdict) {
	var failure *oracle.Failure
	result := func() verdict {
		defer oracle.Catch(&failure)
		return run()
	}()
	if failure != nil {
		result.wrong = failure.Text
	}

	switch {
	case result.wrong != "":
		report.Failed = append(report.Failed, Case{name, result.wrong})
		return
	case result.note != "":
		report.Noted = append(report.Noted, Case{name, result.note})
	}

	report.Passed++
}

// Write prints the cases that need a word, and the counts.
func (report *Report) Write(output io.Writer) {
	for _, group := range []struct {
		title string
		cases []Case
	}{
		{"excluded", report.Excluded}, {"passed", report.Noted}, {"failed", report.Failed}, {"unknown", report.Unknown},
	} {
		for _, each := range group.cases {
			fmt.Fprintf(output, "%s: %s: %s\n", group.title, each.Name, each.Reason)
		}
	}

	fmt.Fprintf(output, "%d passed, %d failed, %d excluded", report.Passed, len(report.Failed), len(report.Excluded))
	if len(report.Unknown) > 0 {
		fmt.Fprintf(output, ", %d unknown", len(report.Unknown))
	}

	fmt.Fprintln(output)
}
