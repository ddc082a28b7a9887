package state

import "culverin/guest/u256"

// seed makes the places of a table unpredictable to those who choose its keys, so that nobody can have all keys of a
// block share one place. It is derived from the parent block's hash, which is not known when transactions are signed.
type seed [8]uint32

// place is the family NH of UMAC (RFC 4418, section 5.2.1): two keys collide for at most one in 2^32 seeds.
func (s *seed) place(key *u256.Int) uint32 {
	sum := uint64(uint32(key[0])+s[0]) * uint64(uint32(key[0]>>32)+s[1])
	sum += uint64(uint32(key[1])+s[2]) * uint64(uint32(key[1]>>32)+s[3])
	sum += uint64(uint32(key[2])+s[4]) * uint64(uint32(key[2]>>32)+s[5])
	sum += uint64(uint32(key[3])+s[6]) * uint64(uint32(key[3]>>32)+s[7])
	return uint32(sum>>32) ^ uint32(sum)
}

// table numbers keys from 0 on in the order in which they come. The zero value is an empty table.
type table struct {
	keys []u256.Int
	// places holds the number of a key plus one at its place or, if that was taken, at the next free one; its length is
	// a power of two.
	places []uint32
}

// find returns the number of a key, or -1.
func (t *table) find(seed *seed, key *u256.Int) int {
	if len(t.places) == 0 {
		return -1
	}

	mask := uint32(len(t.places) - 1)
	for place := seed.place(key) & mask; ; place = (place + 1) & mask {
		number := t.places[place]
		if number == 0 {
			return -1
		}

		if t.keys[number-1].Equals(key) {
			return int(number - 1)
		}
	}
}

// add numbers a key that the table lacks.
func (t *table) add(seed *seed, key *u256.Int) int {
	if len(t.places) < 2*(len(t.keys)+1) {
		size := 8
		for size < 4*len(t.keys) {
			size *= 2
		}

		t.places = make([]uint32, size)
		for number := range t.keys {
			t.put(seed, number)
		}
	}

	t.keys = append(withRoom(t.keys), *key)
	number := len(t.keys) - 1
	t.put(seed, number)
	return number
}

func (t *table) put(seed *seed, number int) {
	mask := uint32(len(t.places) - 1)
	place := seed.place(&t.keys[number]) & mask
	for t.places[place] != 0 {
		place = (place + 1) & mask
	}

	t.places[place] = uint32(number + 1)
}
