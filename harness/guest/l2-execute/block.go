package main

import (
	"fmt"
	"io"

	"culverin/guest/blockclaim"
	"culverin/guest/blockfile"
	"culverin/guest/console"
	"culverin/guest/l1node"
	"culverin/guest/oracle"
)

// memory is a source that has everything already.
type memory map[[32]byte][]byte

func (memory) Hint(string) {}

func (preimages memory) Get(key [32]byte) []byte {
	return preimages[key]
}

func runBlocks(arguments []string, files *console.Files, output, complaints io.Writer) int {
	var url string
	paths, problem := split(arguments, map[string]*string{"--l1": &url})
	if problem != "" {
		fmt.Fprintf(complaints, "l2-execute block: %s\n", problem)
		return exitUnknown
	}

	var counts [3]int
	for _, path := range paths {
		code, line := executeFile(path, files, l1node.New(url))
		counts[code]++
		fmt.Fprintf(output, "%s: %s\n", path, line)
	}

	fmt.Fprintf(output, "%d right, %d wrong", counts[exitRight], counts[exitWrong])
	if counts[exitUnknown] > 0 {
		fmt.Fprintf(output, ", %d unknown", counts[exitUnknown])
	}

	fmt.Fprintln(output)
	switch {
	case counts[exitWrong] > 0:
		return exitWrong
	case counts[exitUnknown] > 0:
		return exitUnknown
	}

	return exitRight
}

// executeFile executes one block; the line says what came of it.
func executeFile(path string, files *console.Files, node *l1node.Node) (code int, line string) {
	var failure *oracle.Failure
	defer func() {
		if failure != nil {
			code, line = exitUnknown, "unknown: "+failure.Text
		}
	}()
	defer oracle.Catch(&failure)
	data, err := files.Read(path)
	if err != nil {
		return exitUnknown, "unknown: " + err.Error()
	}

	file, err := blockfile.Parse(data)
	if err != nil {
		return exitUnknown, "unknown: malformed: " + err.Error()
	}

	verdict := blockclaim.Decide(oracle.New(memory(file.Boot())), node, file.Chain)
	switch {
	case verdict.Reason != "":
		return exitWrong, "wrong: there is no such block: " + verdict.Reason
	case !verdict.IsRight:
		return exitWrong, fmt.Sprintf(
			"block %d 0x%x wrong, expected 0x%x", verdict.Header.Number, verdict.Hash, verdict.Claim)
	}

	return exitRight, fmt.Sprintf("block %d 0x%x right", verdict.Header.Number, verdict.Hash)
}
