package config

// rollups are the L2s that the program can derive. Facts are those of the Superchain registry
// (superchain/configs/{mainnet,sepolia}/op.toml).
var rollups = []Rollup{
	{
		// OP Mainnet.
		Chain: &chains[0], L1ChainID: MainnetID, BlockTime: 2, SequencingWindow: 3600,
		Genesis: Genesis{
			L1: BlockID{hash("438335a20d98863a4c0c97999eb2481921ccd28553eac6f913af7c12aec04108"), 17422590},
			L2: BlockID{hash("dbf6a80fef073de06add9b0d14026d6e5a86c85f6d102c36d3d8e9cf89c2afd3"), 105235063},
			// Overhead and scalar of Bedrock are those of no block that is derived here.
			Time: 1686068903,
			System: SystemConfig{
				Batcher: address("6887246668a3b87f54deb3b94ba47a6f63f32985"), BaseFeeScalar: 684000, GasLimit: 30_000_000,
			},
		},
		Inbox:        address("ff00000000000000000000000000000000000010"),
		Portal:       address("beb5fc579115071764c7423a4f12edde41f106ed"),
		SystemConfig: address("229047fed2591dbec1ef1118d64f7af3db9eb290"),
		BlobSchedule: mainnetBlobs,
	},
	{
		// OP Sepolia. Its pectra_blob_schedule_time takes the place of Prague's.
		Chain: &chains[1], L1ChainID: SepoliaID, BlockTime: 2, SequencingWindow: 3600,
		Genesis: Genesis{
			L1:   BlockID{hash("48f520cf4ddaf34c8336e6e490632ea3cf1e5e93b0b2bc6e917557e31845371b"), 4071408},
			L2:   BlockID{hash("102de6ffb001480cc9b8b548fd05c34cd4f46ae4aa91759393db90ea0409887d"), 0},
			Time: 1691802540,
			System: SystemConfig{
				Batcher: address("8f23bb38f531600e5d8fddaaec41f13fab46e98c"), BaseFeeScalar: 684000, GasLimit: 30_000_000,
			},
		},
		Inbox:        address("ff00000000000000000000000000000011155420"),
		Portal:       address("16fc5058f25648194471939df75cf27a2fdc48bc"),
		SystemConfig: address("034edd2a225f7f429a63e0f1d2084b9e0a93b538"),
		BlobSchedule: sepoliaBlobs.KeepCancunUntil(1742486400),
	},
}

// RollupByID returns the configuration of an L2 that the program knows.
func RollupByID(id uint64) (*Rollup, bool) {
	for index := range rollups {
		if rollups[index].Chain.ID == id {
			return &rollups[index], true
		}
	}

	for index := range arenas {
		if arenas[index].Chain.ID == id {
			return &arenas[index], true
		}
	}

	return nil, false
}

// hash and address read digits that are known to be right.
func hash(digits string) (value [32]byte) {
	unhex(value[:], digits)
	return value
}

func address(digits string) (value Address) {
	unhex(value[:], digits)
	return value
}

func unhex(target []byte, digits string) {
	for place := range target {
		target[place] = unhexDigit(digits[2*place])<<4 | unhexDigit(digits[2*place+1])
	}
}

func unhexDigit(digit byte) byte {
	if digit >= 'a' {
		return digit - 'a' + 10
	}

	return digit - '0'
}
