package config

// Ids of the L1s whose configuration is known.
const (
	MainnetID = 1
	SepoliaID = 11155111
)

// ArenaL1ID is the id of the L1 of the arenas, which anvil plays on one machine for the length of a story.
const ArenaL1ID = 900

// HasSidecars tells of an L1, by its id, whether a block's blob transactions may be committed to together with their sidecars.
// By EIP-4844 ("Networking") they never are: the sidecar is beside a transaction only while it is sent. anvil commits to what
// it was sent. So this holds of the arenas' L1 and of no other; there a leaf with a sidecar is what it is: malformed.
func HasSidecars(l1ChainID uint64) bool {
	return l1ChainID == ArenaL1ID
}

// The fractions of EIPs 4844 and 7691, and of EIP-7892's first two updates (EIPs 8134 and 8135).
const (
	CancunBlobFraction = 3_338_477
	PragueBlobFraction = 5_007_716
	BPO1BlobFraction   = 8_346_193
	BPO2BlobFraction   = 11_684_671
)

// The times are those of EIPs 7569, 7600, 8134 and 8135, and of Sepolia's upgrades. Osaka changes no fraction.
var (
	mainnetBlobs = BlobSchedule{
		{1710338135, CancunBlobFraction}, {1746612311, PragueBlobFraction},
		{1765290071, BPO1BlobFraction}, {1767747671, BPO2BlobFraction},
	}
	sepoliaBlobs = BlobSchedule{
		{1706655072, CancunBlobFraction}, {1741159776, PragueBlobFraction},
		{1761017184, BPO1BlobFraction}, {1761607008, BPO2BlobFraction},
	}
)

// BlobScheduleOf returns the schedule of a known L1.
func BlobScheduleOf(id uint64) (schedule BlobSchedule, isKnown bool) {
	switch id {
	case MainnetID:
		return mainnetBlobs, true
	case SepoliaID:
		return sepoliaBlobs, true
	}

	return nil, false
}

// KeepCancunUntil returns the schedule with which an L2 reckons that has a pectra_blob_schedule_time: Prague's fraction
// counts from then on (pectra-blob-schedule/derivation.md). A time before Prague's changes nothing.
func (schedule BlobSchedule) KeepCancunUntil(time uint64) BlobSchedule {
	kept := append(BlobSchedule(nil), schedule...)
	for index := range kept {
		if kept[index].Fraction == PragueBlobFraction && kept[index].Time < time {
			kept[index].Time = time
		}
	}

	return kept
}
