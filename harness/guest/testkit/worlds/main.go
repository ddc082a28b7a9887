// Writes the scenarios as files, for tests that run the fault-proof program in a virtual machine: worlds FORK FOLDER, or those that measure costs: worlds FORK FOLDER costs. Each
// file is a JSON object: name, rollup and l1 (the configuration files' texts), right and wrong (claims), and preimages, by
// key, that either of them needs, all in hex. What the claim is, local key 3, is left to the test.
package main

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/oracle"
	"culverin/guest/outputclaim"
	"culverin/guest/testkit/madeup"
	"culverin/guest/testkit/scenarios"
)

// file is one scenario.
type file struct {
	Name      string            `json:"name"`
	Rollup    string            `json:"rollup"`
	L1        string            `json:"l1"`
	Right     string            `json:"right"`
	Wrong     string            `json:"wrong"`
	Preimages map[string]string `json:"preimages"`
}

// failures ends the program where a test would end.
type failures struct{}

// Fatal ends the program.
func (failures) Fatal(arguments ...interface{}) {
	fmt.Fprintln(os.Stderr, arguments...)
	os.Exit(1)
}

// Fatalf ends the program.
func (failures failures) Fatalf(format string, arguments ...interface{}) {
	failures.Fatal(fmt.Sprintf(format, arguments...))
}

func main() {
	list := scenarios.All
	switch {
	case len(os.Args) == 4 && os.Args[3] == "costs":
		list = scenarios.Costs
	case len(os.Args) != 3:
		failures{}.Fatal("usage: worlds FORK FOLDER [costs]")
	}

	fork := config.Holocene
	for fork.String() != os.Args[1] {
		if fork++; fork == config.ForkCount {
			failures{}.Fatal("no fork since Holocene: " + os.Args[1])
		}
	}

	for number, each := range list() {
		world := madeup.New(failures{}, fork)
		write(filepath.Join(os.Args[2], fmt.Sprintf("%03d.json", number)), play(world, &each))
	}
}

// play runs a scenario natively, from the block before the last one as a game's last claims do, and keeps what was asked.
func play(world *madeup.World, scenario *scenarios.Scenario) *file {
	last := scenario.Play(world)
	agreed, number := last-1, uint64(last)
	if last == 0 {
		agreed, number = 0, 1
	}

	right := world.Output(last)
	world.SetGame(agreed, right, number)
	world.Asked = nil
	source := oracle.New(world)
	if verdict := outputclaim.Decide(source, source, world.Rollup); !verdict.IsRight {
		failures{}.Fatalf("%s: %+v", scenario.Name, verdict)
	}

	junk := keccak.Sum([]byte("junk"))
	made := &file{
		Name: scenario.Name, Rollup: string(world.RollupJSON()), L1: string(world.L1JSON()),
		Right: hex.EncodeToString(right[:]), Wrong: hex.EncodeToString(junk[:]), Preimages: map[string]string{},
	}
	for _, key := range append(world.Asked, world.OtherForms...) {
		made.Preimages[hex.EncodeToString(key[:])] = hex.EncodeToString(world.Preimages[key])
	}

	return made
}

func write(path string, content *file) {
	data, err := json.Marshal(content)
	if err == nil {
		err = os.WriteFile(path, data, 0o600)
	}

	if err != nil {
		failures{}.Fatal(err)
	}
}
