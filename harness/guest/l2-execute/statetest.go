package main

import (
	"fmt"
	"io"
	"strings"

	"culverin/guest/console"
	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/statetest"
)

func runStateTests(arguments []string, files *console.Files, output, complaints io.Writer) int {
	var url, fork string
	paths, problem := split(arguments, map[string]*string{"--l1": &url, "--fork": &fork})
	if problem == "" && fork != "" && !contains(statetest.Forks(), fork) {
		problem = "the fork " + fork + " is not known; known are " + strings.Join(statetest.Forks(), ", ")
	}

	if problem != "" {
		fmt.Fprintf(complaints, "l2-execute statetest: %s\n", problem)
		return exitUnknown
	}

	precompile.Use(l1node.New(url))
	report := statetest.Run(paths, statetest.Options{Fork: fork, Read: files.Read})
	report.Write(output)
	switch {
	case len(report.Failed) > 0:
		return exitWrong
	case len(report.Unknown) > 0:
		return exitUnknown
	case report.Passed+len(report.Excluded) == 0:
		fmt.Fprintln(complaints, "l2-execute statetest: there is no case of a fork that was asked for")
		return exitUnknown
	}

	return exitRight
}

func contains(names []string, name string) bool {
	for _, each := range names {
		if each == name {
			return true
		}
	}

	return false
}
