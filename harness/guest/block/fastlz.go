package block

// The estimate of a transaction's compressed size, in millionths of a byte (fjord/exec-engine.md).
const (
	sizeIntercept   = -42_585_600
	sizeCoefficient = 836_500
	sizeMin         = 100 * 1_000_000
)

func scaledSize(encoded []byte) uint64 {
	size := sizeIntercept + sizeCoefficient*int64(fastLZSize(encoded))
	if size < sizeMin {
		return sizeMin
	}

	return uint64(size)
}

// Measures of the FastLZ format, level 1: a match lies at most 8,192 bytes back and has at most 262 bytes in one
// instruction; up to 32 literals stand behind one byte; no match begins in the last 13 bytes.
const (
	fastLZHashBits    = 13
	fastLZDistanceMax = 1 << 13
	fastLZMatchMax    = 262
	fastLZLiteralsMax = 32
	fastLZTail        = 13
	// fastLZCompareTail is how many bytes at the end are never compared, since the reference reads four at once.
	fastLZCompareTail = 4
)

// fastLZTable is scratch space: for each hash of three bytes, where they were last seen.
var fastLZTable [1 << fastLZHashBits]uint32

// fastLZSize is the size that FastLZ compresses data to, by its level 1 (fjord/exec-engine.md, "FastLZ Implementation").
// The text names the reference's function that changes to level 2 at 65,536 bytes; the contract that estimates the fee
// and the nodes measure by level 1 always, and so is it here.
func fastLZSize(data []byte) int {
	fastLZTable = [1 << fastLZHashBits]uint32{}
	size, anchor := 0, 0
	limit := len(data) - fastLZTail
	for at := 2; at < limit; {
		match := -1
		for match < 0 && at < limit {
			sequence := threeBytes(data, at)
			entry := &fastLZTable[fastLZHash(sequence)]
			candidate := int(*entry)
			*entry = uint32(at)
			if at-candidate < fastLZDistanceMax && threeBytes(data, candidate) == sequence {
				match = candidate
			}

			at++
		}

		// The reference looks one byte ahead: a match at the last place does not count either.
		if at >= limit {
			break
		}

		at--
		size += literalsSize(at - anchor)
		length := matchLength(data, match+3, at+3)
		size += matchSize(length)

		// Both ends of the match are remembered.
		at += length
		fastLZTable[fastLZHash(threeBytes(data, at))] = uint32(at)
		fastLZTable[fastLZHash(threeBytes(data, at+1))] = uint32(at + 1)
		at += 2
		anchor = at
	}

	return size + literalsSize(len(data)-anchor)
}

func threeBytes(data []byte, at int) uint32 {
	return uint32(data[at]) | uint32(data[at+1])<<8 | uint32(data[at+2])<<16
}

func fastLZHash(sequence uint32) uint32 {
	return sequence * 2654435769 >> (32 - fastLZHashBits)
}

// matchLength counts the equal bytes and the first one that differs, as the reference does.
func matchLength(data []byte, left, right int) (length int) {
	for end := len(data) - fastLZCompareTail; right+length < end; {
		length++
		if data[left+length-1] != data[right+length-1] {
			break
		}
	}

	return length
}

// matchSize: two bytes for short matches, three for longer ones, and as many for each full piece before.
func matchSize(length int) int {
	pieces := (length - 1) / fastLZMatchMax
	if length-pieces*fastLZMatchMax < 7 {
		return 3*pieces + 2
	}

	return 3*pieces + 3
}

// literalsSize: a byte before each 32 literals.
func literalsSize(count int) int {
	return count + (count+fastLZLiteralsMax-1)/fastLZLiteralsMax
}
