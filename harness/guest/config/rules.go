// Package config says which rules hold for a block: the forks of a chain by time, and its fee constants.
package config

// Rules tells which rules a block is executed by. Where a later fork of the OP Stack holds, the earlier ones do too.
// The zero value is no valid set: the oldest EVM known here is Cancun's.
type Rules struct {
	// Cancun: the EVM of Ethereum's Cancun upgrade (EIP-7569). On L2 it came with Ecotone.
	Cancun bool
	// Prague: the parts of Ethereum's Prague upgrade (EIP-7600) that the OP Stack takes: EIPs 2537, 2935, 7623 and 7702.
	// On L2 it came with Isthmus.
	Prague bool

	// Optimism: an L2 with deposits, L1 fee and fee vaults. False on L1, where the base fee is burned.
	Optimism bool
	// Ecotone: L1 fee by two base fees, the parent beacon block root.
	Ecotone bool
	// Fjord: L1 fee by compressed size, P256VERIFY.
	Fjord bool
	// Granite: a limit for the input of the pairing precompile of BN254.
	Granite bool
	// Holocene: EIP-1559 parameters in the header's extra data.
	Holocene bool
	// Isthmus: operator fee, withdrawals root, Prague's EVM.
	Isthmus bool
	// Jovian: minimum base fee, DA footprint, lower limits for precompiles.
	Jovian bool
}

// L1Cancun and L1Prague are the rules of Ethereum itself.
var (
	L1Cancun = Rules{Cancun: true}
	L1Prague = Rules{Cancun: true, Prague: true}
)
