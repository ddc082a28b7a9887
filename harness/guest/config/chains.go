package config

// chains are the L2s whose configuration is part of the program. Times, denominators and elasticities are those of the
// Superchain registry (superchain/configs/{mainnet,sepolia}/op.toml).
var chains = []Chain{
	{
		// OP Mainnet.
		ID: 10,
		Times: [ForkCount]uint64{
			Regolith: 0,
			Canyon:   1704992401,
			Ecotone:  1710374401,
			Fjord:    1720627201,
			Granite:  1726070401,
			Holocene: 1736445601,
			Isthmus:  1746806401,
			Jovian:   1764691201,
		},
		Unimplemented:     []Scheduled{{"karst", 1783526401}},
		Elasticity:        6,
		Denominator:       50,
		DenominatorCanyon: 250,
	},
	{
		// OP Sepolia.
		ID: 11155420,
		Times: [ForkCount]uint64{
			Regolith: 0,
			Canyon:   1699981200,
			Ecotone:  1708534800,
			Fjord:    1716998400,
			Granite:  1723478400,
			Holocene: 1732633200,
			Isthmus:  1744905600,
			Jovian:   1763568001,
		},
		Unimplemented:     []Scheduled{{"karst", 1781712001}},
		Elasticity:        6,
		Denominator:       50,
		DenominatorCanyon: 250,
	},
}

// ByID returns the configuration of a chain that the program knows.
func ByID(id uint64) (*Chain, bool) {
	for index := range chains {
		if chains[index].ID == id {
			return &chains[index], true
		}
	}

	return nil, false
}
