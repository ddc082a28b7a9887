package config

import "math"

// Never is the time of a fork that is not scheduled.
const Never = math.MaxUint64

// Fork is an upgrade of the OP Stack that changes how a block is executed, oldest first. Delta and the Pectra blob
// schedule change derivation only.
type Fork int

// The forks known here.
const (
	Regolith Fork = iota
	Canyon
	Ecotone
	Fjord
	Granite
	Holocene
	Isthmus
	Jovian
	// ForkCount is how many there are.
	ForkCount
)

var forkNames = [ForkCount]string{
	"regolith", "canyon", "ecotone", "fjord", "granite", "holocene", "isthmus", "jovian",
}

// String is the name as it stands in a rollup.json before "_time".
func (fork Fork) String() string {
	return forkNames[fork]
}

// Scheduled is a fork that a configuration names and this program does not implement.
type Scheduled struct {
	// Name is the fork's name.
	Name string
	// Time is the first L2 timestamp it holds for.
	Time uint64
}

// Chain is the configuration of an L2 as far as executing its blocks needs it.
type Chain struct {
	// ID is the chain's id (EIP-155).
	ID uint64
	// Times holds, for each known fork, the first L2 timestamp in seconds that it holds for, or Never.
	Times [ForkCount]uint64
	// Unimplemented holds the scheduled forks whose rules are not known here.
	Unimplemented []Scheduled
	// Elasticity, Denominator and DenominatorCanyon are the constants of EIP-1559 before Holocene, and of Holocene
	// where the payload attributes say zero (exec-engine.md, "1559 Parameters").
	Elasticity, Denominator, DenominatorCanyon uint64
}

// UnknownRulesError says that a block cannot be judged because the rules of its time are not implemented.
type UnknownRulesError struct {
	// Fork is the fork whose rules hold, or the first implemented one where the block is older.
	Fork string
	// IsOlder tells that the block is from before that fork.
	IsOlder bool
}

func (failure *UnknownRulesError) Error() string {
	if failure.IsOlder {
		return "config: the rules before the fork " + failure.Fork + " are not implemented"
	}

	return "config: the rules of the fork " + failure.Fork + " are not implemented"
}

// IsActive tells whether a fork holds for a block of this timestamp: activation is inclusive (superchain-upgrades.md,
// "Activation rules").
func (chain *Chain) IsActive(fork Fork, timestamp uint64) bool {
	return timestamp >= chain.Times[fork] && chain.Times[fork] != Never
}

// Rules returns the rules for a block of this timestamp; an *UnknownRulesError if they are not implemented: a fork that
// is not known here has begun, or Ecotone, which brought Cancun's EVM, has not.
func (chain *Chain) Rules(timestamp uint64) (*Rules, error) {
	for _, fork := range chain.Unimplemented {
		if timestamp >= fork.Time {
			return nil, &UnknownRulesError{Fork: fork.Name}
		}
	}

	if !chain.IsActive(Ecotone, timestamp) {
		return nil, &UnknownRulesError{Fork: Ecotone.String(), IsOlder: true}
	}

	isIsthmus := chain.IsActive(Isthmus, timestamp)
	return &Rules{
		Cancun:   true,
		Prague:   isIsthmus,
		Optimism: true,
		Ecotone:  true,
		Fjord:    chain.IsActive(Fjord, timestamp),
		Granite:  chain.IsActive(Granite, timestamp),
		Holocene: chain.IsActive(Holocene, timestamp),
		Isthmus:  isIsthmus,
		Jovian:   chain.IsActive(Jovian, timestamp),
	}, nil
}

// FeeConstants returns the EIP-1559 denominator and elasticity for a chain without parameters of its own: from Canyon
// on the denominator is another (exec-engine.md, "1559 Parameters").
func (chain *Chain) FeeConstants(timestamp uint64) (denominator, elasticity uint64) {
	if chain.IsActive(Canyon, timestamp) {
		return chain.DenominatorCanyon, chain.Elasticity
	}

	return chain.Denominator, chain.Elasticity
}

// Check tells what makes a configuration unusable, or "" if nothing does: forks must come in their order, since the
// rules of one build on those before it, and the fee constants divide.
func (chain *Chain) Check() string {
	for fork := Regolith + 1; fork < ForkCount; fork++ {
		if chain.Times[fork] < chain.Times[fork-1] {
			return fork.String() + " is scheduled before " + (fork - 1).String()
		}
	}

	if chain.Elasticity == 0 || chain.Denominator == 0 || chain.DenominatorCanyon == 0 {
		return "a constant of EIP-1559 is zero"
	}

	return ""
}
