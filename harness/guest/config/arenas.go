package config

// The ids of local chains for tests and demonstrations: harness/Arenas makes them, always alike. The second one has a
// block every 36 seconds.
const (
	ArenaID      = 70901
	SlowArenaID  = 70936
	arenaTime    = 1_760_000_000
	arenaGas     = 60_000_000
	arenaWindow  = 300
	arenaL2First = "df7513c363bc1b235db2bafe50311f7c82054fc68d00539aa3ceeadf25b323b4"
	arenaL1First = "e105444da7e9fc48ce95d184214368726b73714fc1324c43a2f06a7d57649277"
)

// arenaChain has the rules up to Holocene from its first block on: those that the contracts of 2024 know.
func arenaChain(id uint64) *Chain {
	return &Chain{
		ID: id, Times: [ForkCount]uint64{Isthmus: Never, Jovian: Never}, Elasticity: 6, Denominator: 50, DenominatorCanyon: 250,
	}
}

// arenas are configurations of these chains. Files of the same content are in the folder arenas; a deployment is compared
// with them.
var arenas = []Rollup{
	newArena(ArenaID, 1, "ff00000000000000000000000000000000070901"),
	newArena(SlowArenaID, 36, "ff00000000000000000000000000000000070936"),
}

func newArena(id, blockTime uint64, inbox string) Rollup {
	return Rollup{
		Chain: arenaChain(id), L1ChainID: ArenaL1ID, BlockTime: blockTime, SequencingWindow: arenaWindow,
		Genesis: Genesis{
			L1: BlockID{hash(arenaL1First), 0}, L2: BlockID{hash(arenaL2First), 0}, Time: arenaTime,
			System: SystemConfig{
				Batcher:       address("c7b89b3a81a659f5fc4df088526dddc197ccf8f4"),
				BaseFeeScalar: 1368, BlobBaseFeeScalar: 810949, GasLimit: arenaGas,
			},
		},
		Inbox:        address(inbox),
		Portal:       address("e6998fa9a4422a4571159ad0c8e562a2d81509ad"),
		SystemConfig: address("767c46cdc78e55e0573ee04f12f274377d6f2cd3"),
		BlobSchedule: BlobSchedule{{0, CancunBlobFraction}, {0, PragueBlobFraction}},
	}
}
