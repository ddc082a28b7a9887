package mpt

// A path inside a node is kept as it is encoded there, "compact" (Yellow Paper, appendix C, hex prefix): four bits of
// flags, of which the lowest tells an odd number of nibbles and the next a leaf; then a zero nibble if the number is
// even; then the nibbles.

const (
	oddFlag  = 0x10
	leafFlag = 0x20
)

// isCompact tells whether bytes are such a path of exactly one form.
func isCompact(path []byte) bool {
	return len(path) > 0 && path[0] < 0x40 && (path[0]&oddFlag != 0 || path[0]&0x0f == 0)
}

// pathLength returns the number of nibbles.
func pathLength(path []byte) int {
	return 2*len(path) - 2 + int(path[0]>>4&1)
}

// pathNibble returns a nibble by its place.
func pathNibble(path []byte, place int) byte {
	return nibble(path, place+2-int(path[0]>>4&1))
}

// nibble returns a nibble of a key by its place.
func nibble(key []byte, place int) byte {
	if place&1 == 0 {
		return key[place>>1] >> 4
	}

	return key[place>>1] & 0x0f
}

// commonLength counts the nibbles that a path shares with a key from a depth on.
func commonLength(path, key []byte, depth int) int {
	length := pathLength(path)
	if rest := 2*len(key) - depth; rest < length {
		length = rest
	}

	for place := 0; place < length; place++ {
		if pathNibble(path, place) != nibble(key, depth+place) {
			return place
		}
	}

	return length
}

// isRest tells whether a leaf's path is exactly what a key has from a depth on. Both end with the same byte, so whole
// bytes are compared.
func isRest(path, key []byte, depth int) bool {
	if pathLength(path) != 2*len(key)-depth {
		return false
	}

	whole := len(path) - 1
	if path[0]&oddFlag != 0 && path[0]&0x0f != nibble(key, depth) {
		return false
	}

	return string(path[1:]) == string(key[len(key)-whole:])
}

// nibbles writes a path out, one nibble a byte, behind those in target.
func nibbles(target, path []byte) []byte {
	for place, length := 0, pathLength(path); place < length; place++ {
		target = append(target, pathNibble(path, place))
	}

	return target
}

// compact encodes nibbles.
func compact(digits []byte, isLeaf bool) []byte {
	flags := byte(0)
	if isLeaf {
		flags = leafFlag
	}

	path := make([]byte, 1, len(digits)/2+1)
	if len(digits)&1 != 0 {
		flags |= oddFlag | digits[0]
		digits = digits[1:]
	}

	path[0] = flags
	for ; len(digits) > 0; digits = digits[2:] {
		path = append(path, digits[0]<<4|digits[1])
	}

	return path
}

// rest makes the path of a leaf: what a key has from a depth on.
func rest(key []byte, depth int) []byte {
	path := make([]byte, 1, len(key)-depth/2+1)
	path[0] = leafFlag
	if depth&1 != 0 {
		path[0] |= oddFlag | key[depth/2]&0x0f
		depth++
	}

	return append(path, key[depth/2:]...)
}

// part makes the path of some nibbles of another path.
func part(path []byte, start, end int, isLeaf bool) []byte {
	var digits [64]byte
	return compact(nibbles(digits[:0], path)[start:end], isLeaf)
}

// joined makes the path of an upper path, a nibble, and a lower path; either path may be nil.
func joined(upper []byte, digit int, lower []byte, isLeaf bool) []byte {
	var all [130]byte
	digits := all[:0]
	if upper != nil {
		digits = nibbles(digits, upper)
	}

	if digit >= 0 {
		digits = append(digits, byte(digit))
	}

	if lower != nil {
		digits = nibbles(digits, lower)
	}

	return compact(digits, isLeaf)
}
