package derive

// Sizes of blobs (EIP-4844; ecotone/derivation.md, "Blob Encoding").
const (
	// BlobElements is the number of field elements of a blob, 32 bytes each.
	BlobElements = 4096
	// BlobBytes is the length of a blob.
	BlobBytes = BlobElements * 32
	// BlobDataMax is the most data that a blob can carry: of four elements 4·31 + 3 bytes each, less version and length.
	BlobDataMax = BlobElements/4*(4*31+3) - blobHeadBytes

	blobHeadBytes = 4
	blobVersion   = 0
)

// DecodeBlob returns the data that a blob carries: the data of one batcher transaction, version byte first. A blob that
// is encoded in any other than the one right way counts for nothing.
func DecodeBlob(blob []byte) ([]byte, error) {
	if len(blob) != BlobBytes {
		return nil, malformed("a blob has another length")
	}

	// The head stands in the first element, behind six bits that belong further back.
	length := int(blob[2])<<16 | int(blob[3])<<8 | int(blob[4])
	switch {
	case blob[1] != blobVersion:
		return nil, malformed("a blob is of an unknown version")
	case length > BlobDataMax:
		return nil, malformed("a blob claims more data than it can carry")
	}

	data := make([]byte, 0, BlobDataMax+blobHeadBytes)
	for start := 0; start < BlobBytes; start += 4 * 32 {
		group := blob[start : start+4*32]
		a, b, c, d := group[0], group[32], group[64], group[96]
		if (a|b|c|d)&0xc0 != 0 {
			return nil, malformed("a field element of a blob has one of its two highest bits set")
		}

		data = append(data, group[1:32]...)
		data = append(data, a|b&0x30<<2)
		data = append(data, group[33:64]...)
		data = append(data, b&0x0f|d&0x0f<<4)
		data = append(data, group[65:96]...)
		data = append(data, c|d&0x30<<2)
		data = append(data, group[97:128]...)
	}

	data = data[blobHeadBytes:]
	for _, octet := range data[length:] {
		if octet != 0 {
			return nil, malformed("a blob has data behind its end")
		}
	}

	return data[:length:length], nil
}

// EncodeBlob makes the blob that carries these data, BlobDataMax bytes at most.
func EncodeBlob(data []byte) ([]byte, error) {
	if len(data) > BlobDataMax {
		return nil, malformed("a blob cannot carry so much data")
	}

	content := make([]byte, BlobDataMax+blobHeadBytes)
	content[0], content[1] = blobVersion, byte(len(data)>>16)
	content[2], content[3] = byte(len(data)>>8), byte(len(data))
	copy(content[blobHeadBytes:], data)
	blob := make([]byte, BlobBytes)
	for start := 0; start < BlobBytes; start += 4 * 32 {
		group := blob[start : start+4*32]
		copy(group[1:32], content)
		copy(group[33:64], content[32:])
		copy(group[65:96], content[64:])
		copy(group[97:128], content[96:])
		x, y, z := content[31], content[63], content[95]
		group[0] = x & 0x3f
		group[32] = y&0x0f | x&0xc0>>2
		group[64] = z & 0x3f
		group[96] = z&0xc0>>2 | y&0xf0>>4
		content = content[127:]
	}

	return blob, nil
}
