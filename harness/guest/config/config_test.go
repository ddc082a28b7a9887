package config

import (
	"errors"
	"testing"
)

func TestForksBeginAtTheirTime(t *testing.T) {
	chain, found := ByID(11155420)
	if !found {
		t.Fatal("OP Sepolia is not known")
	}

	for _, each := range []struct {
		timestamp uint64
		want      Rules
	}{
		{1708534800, Rules{Cancun: true, Optimism: true, Ecotone: true}},
		{1716998399, Rules{Cancun: true, Optimism: true, Ecotone: true}},
		{1716998400, Rules{Cancun: true, Optimism: true, Ecotone: true, Fjord: true}},
		{1723478400, Rules{Cancun: true, Optimism: true, Ecotone: true, Fjord: true, Granite: true}},
		{1744905599, Rules{Cancun: true, Optimism: true, Ecotone: true, Fjord: true, Granite: true, Holocene: true}},
		{1744905600, Rules{
			Cancun: true, Prague: true, Optimism: true,
			Ecotone: true, Fjord: true, Granite: true, Holocene: true, Isthmus: true}},
		{1763568001, Rules{
			Cancun: true, Prague: true, Optimism: true,
			Ecotone: true, Fjord: true, Granite: true, Holocene: true, Isthmus: true, Jovian: true}},
	} {
		rules, err := chain.Rules(each.timestamp)
		if err != nil || *rules != each.want {
			t.Errorf("%d: %+v, %v", each.timestamp, rules, err)
		}
	}
}

func TestUnimplementedForksAreUnknown(t *testing.T) {
	chain, _ := ByID(10)
	for timestamp, want := range map[uint64]UnknownRulesError{
		1783526401: {Fork: "karst"},
		1<<64 - 1:  {Fork: "karst"},
		1710374400: {Fork: "ecotone", IsOlder: true},
		0:          {Fork: "ecotone", IsOlder: true},
	} {
		rules, err := chain.Rules(timestamp)
		var failure *UnknownRulesError
		if rules != nil || !errors.As(err, &failure) || *failure != want {
			t.Errorf("%d: %+v, %v", timestamp, rules, err)
		}
	}

	if _, err := chain.Rules(1783526400); err != nil {
		t.Errorf("the last block of Jovian: %v", err)
	}
}

func TestForksThatNeverComeAreNotActive(t *testing.T) {
	chain := Chain{Unimplemented: []Scheduled{}}
	for fork := range chain.Times {
		chain.Times[fork] = Never
	}

	if chain.IsActive(Jovian, Never) {
		t.Error("a fork without a time is active")
	}
}

func TestBuiltInChainsAreUsable(t *testing.T) {
	for _, chain := range chains {
		if problem := chain.Check(); problem != "" {
			t.Errorf("%d: %s", chain.ID, problem)
		}
	}

	if _, found := ByID(1); found {
		t.Error("an L1 is no L2")
	}
}
