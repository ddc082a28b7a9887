package statetest

import (
	"strings"
	"testing"

	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/testkit/anvil"
	"culverin/guest/testkit/fixture"
)

// run runs all cases of an archive; precompiles that are not computed here are answered by a local node.
func run(t *testing.T, archive, fork string) *Report {
	t.Helper()
	if testing.Short() {
		t.Skip("did not run: -short was given")
	}

	folder := fixture.Extract(t, archive)
	precompile.Use(l1node.New(anvil.Start(t, "--hardfork", "prague")))
	report := Run([]string{folder}, Options{Fork: fork})
	for _, each := range report.Unknown {
		t.Errorf("unknown: %s: %s", each.Name, each.Reason)
	}

	for _, each := range report.Excluded {
		if each.Reason != "a transaction of type 3" {
			t.Errorf("excluded: %s: %s", each.Name, each.Reason)
		}
	}

	return report
}

func TestStateTestsOfCancun(t *testing.T) {
	report := run(t, "general-state-tests-cancun.tar.xz", "Cancun")
	for _, each := range report.Failed {
		t.Errorf("%s: %s", each.Name, each.Reason)
	}

	if report.Passed != 17540 || len(report.Excluded) != 380 {
		t.Errorf("%d passed, %d excluded", report.Passed, len(report.Excluded))
	}
}

// Of the cases of devnet 5, 13 follow a text of EIP-7702 that was withdrawn (package evm shows that they fail only by
// that), and 13 one of EIP-7623.
func TestTestsOfPrague(t *testing.T) {
	report := run(t, "prague-state-tests-devnet5.tar.xz", "")
	withdrawn := 0
	for _, each := range report.Failed {
		if strings.Contains(each.Name, "ext_code_on_") {
			withdrawn++
		} else {
			t.Errorf("%s: %s", each.Name, each.Reason)
		}
	}

	for _, each := range report.Noted {
		if each.Reason != earlierText || !strings.Contains(each.Name, "eip7623") {
			t.Errorf("%s: %s", each.Name, each.Reason)
		}
	}

	if report.Passed != 923 || withdrawn != 13 || len(report.Noted) != 13 || len(report.Excluded) != 89 {
		t.Errorf("%d passed, %d by the withdrawn text, %d by an earlier one, %d excluded",
			report.Passed, withdrawn, len(report.Noted), len(report.Excluded))
	}
}
