package evm_test

import (
	"path/filepath"
	"strings"
	"testing"

	"culverin/guest/evm"
	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/statetest"
	"culverin/guest/testkit/fixture"
)

// The fixtures of devnet 5 hold 13 cases of EIP-7702 by a text that was withdrawn before Prague: EXTCODESIZE,
// EXTCODECOPY and EXTCODEHASH saw 0xef01 instead of the code of an account that delegates. They fail by the final text,
// and pass by that one: so nothing else is wrong with them.
func TestCasesOfTheWithdrawnRuleFailOnlyByIt(t *testing.T) {
	folder := filepath.Join(fixture.Extract(t, "prague-state-tests-devnet5.tar.xz"), "state_tests/prague/eip7702_set_code_tx")
	files, err := filepath.Glob(filepath.Join(folder, "set_code_txs", "ext_code_on_*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("the fixtures have no such cases")
	}

	precompile.Use(l1node.New(""))
	report := statetest.Run(files, statetest.Options{})
	if report.Passed != 0 || len(report.Failed) != 13 {
		t.Fatalf("by the final text %d passed, %d failed", report.Passed, len(report.Failed))
	}

	for _, each := range report.Failed {
		if !strings.HasPrefix(each.Reason, "state root") {
			t.Errorf("%s: %s", each.Name, each.Reason)
		}
	}

	defer evm.UseWithdrawnRule()()
	report = statetest.Run(files, statetest.Options{})
	if report.Passed != 13 || len(report.Failed) != 0 {
		t.Fatalf("by the withdrawn text %d passed, %d failed: %v", report.Passed, len(report.Failed), report.Failed)
	}
}
