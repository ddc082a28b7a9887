package derive

import (
	"bufio"
	"compress/zlib"
	"errors"
	"io"

	"culverin/guest/brotli"
	"culverin/guest/rlp"
)

// Limits of a channel in bytes (derivation.md, "Protocol Parameters"; fjord/derivation.md): compressed in the bank since
// Holocene, and decompressed.
const (
	ChannelBytesMaxBedrock = 10_000_000
	ChannelBytesMaxFjord   = 100_000_000
)

// The first byte of a channel (fjord/derivation.md, "Brotli Channel Compression"; RFC 1950): in zlib's its lower half is
// 8 or 15; otherwise it is a version.
const (
	zlibDeflate    = 8
	zlibReserved   = 15
	channelVersion = 1
)

// RLP's first bytes: of strings, of those of 56 bytes or more, of lists.
const (
	stringFirst     = 0x80
	longStringFirst = 0xb8
	listFirst       = 0xc0
	longStringBytes = 56
)

const (
	// batchChunkBytes is allocated for a batch before its bytes come.
	batchChunkBytes = 1 << 16
	// readAheadBytes are decompressed at least.
	readAheadBytes = 4096
)

// ErrNoBrotli says that this program was built without brotli: what the channel holds is unknown. It is no property of
// the channel, so nothing may be concluded from it.
var ErrNoBrotli = errors.New("derive: a channel is compressed with brotli, and this program was built without it")

// Compression is how a channel is compressed.
type Compression int

// The kinds of compression.
const (
	// Zlib is RFC 1950 without a dictionary.
	Zlib Compression = iota
	// Brotli is RFC 7932, behind the version byte 1; it counts since Fjord.
	Brotli
)

// CompressionOf tells how a channel is compressed by its first byte; false if it is in no known way.
func CompressionOf(first byte) (compression Compression, isKnown bool) {
	switch {
	case first&0x0f == zlibDeflate || first&0x0f == zlibReserved:
		return Zlib, true
	case first == channelVersion:
		return Brotli, true
	}

	return 0, false
}

// Channel is a whole channel's data, compressed, in the pieces in which they came.
type Channel [][]byte

// ChannelRules are what time decides about reading a channel, by the L1 block that completed it.
type ChannelRules struct {
	// BytesMax clips the decompressed data.
	BytesMax int
	// HasBrotli tells that brotli counts.
	HasBrotli bool
}

// Rules of channels before and since Fjord.
var (
	BedrockChannels = ChannelRules{BytesMax: ChannelBytesMaxBedrock}
	FjordChannels   = ChannelRules{BytesMax: ChannelBytesMaxFjord, HasBrotli: true}
)

// BatchReader takes one batch after the other out of a channel and decompresses no more than it needs for that, so that
// a channel that is given up costs nothing further.
type BatchReader struct {
	source *bufio.Reader
	// left is how many decompressed bytes may still be read.
	left int
	// read is how many were.
	read int
}

// NewBatchReader begins to read a channel. The error is ErrNoBrotli, or a *MalformedError.
func NewBatchReader(channel Channel, rules ChannelRules) (*BatchReader, error) {
	compressed := &pieces{rest: channel}
	first, err := compressed.ReadByte()
	if err != nil {
		return nil, malformed("a channel is empty")
	}

	compression, isKnown := CompressionOf(first)
	var decompressed io.Reader
	switch {
	case !isKnown || compression == Brotli && !rules.HasBrotli:
		return nil, malformed("a channel is compressed in an unknown way")
	case compression == Brotli && !brotli.IsAvailable:
		return nil, ErrNoBrotli
	case compression == Brotli:
		decompressed = brotli.NewReader(compressed)
	default:
		decompressed, err = zlib.NewReader(&pieces{rest: channel})
		if err != nil {
			return nil, malformed("a channel is no zlib stream")
		}
	}

	clipped := io.LimitReader(decompressed, int64(rules.BytesMax))
	return &BatchReader{source: bufio.NewReaderSize(clipped, readAheadBytes), left: rules.BytesMax}, nil
}

// Next returns the next batch, version byte first: the content of one RLP string (derivation.md, "Channel Format"). After
// the last one it returns io.EOF; a *MalformedError if the rest of the channel is none, after which there is nothing more
// to read. What the limit cuts off a batch makes it malformed.
func (reader *BatchReader) Next() ([]byte, error) {
	first, err := reader.source.ReadByte()
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		// Batchers of OP Mainnet end channels with a flush, not with a last block and a checksum.
		return nil, io.EOF
	case err != nil:
		return nil, malformed("a channel's compressed data are damaged")
	}

	reader.count(1)
	length := int(first) - stringFirst
	switch {
	case first < stringFirst:
		return []byte{first}, nil
	case first >= listFirst:
		return nil, malformed("a channel holds a list instead of a batch")
	case first >= longStringFirst:
		var head [rlp.HeadMax]byte
		head[0] = first
		size := int(first) - longStringFirst + 2
		if err := reader.fill(head[1:size]); err != nil {
			return nil, err
		}

		if length, err = longStringLength(head[:size]); err != nil {
			return nil, err
		}
	}

	if length > reader.left {
		return nil, malformed("a batch is longer than the channel")
	}

	batch, err := reader.content(length)
	if err == nil && length == 1 && batch[0] < stringFirst {
		return nil, malformed("a batch's length is not encoded canonically")
	}

	return batch, err
}

// longStringLength reads the head of a string of 56 bytes or more.
func longStringLength(head []byte) (length int, err error) {
	for index, digit := range head[1:] {
		if index == 0 && digit == 0 || length > ChannelBytesMaxFjord {
			return 0, malformed("a batch's length is none")
		}

		length = length<<8 | int(digit)
		if length > ChannelBytesMaxFjord {
			return 0, malformed("a batch is longer than a channel can be")
		}
	}

	if length < longStringBytes {
		return 0, malformed("a batch's length is not encoded canonically")
	}

	return length, nil
}

// content reads a string's bytes. What it claims is not believed: memory grows with what really comes.
func (reader *BatchReader) content(length int) ([]byte, error) {
	batch := make([]byte, min(length, batchChunkBytes))
	for filled := 0; ; {
		if err := reader.fill(batch[filled:]); err != nil {
			return nil, err
		}

		filled = len(batch)
		if filled == length {
			return batch, nil
		}

		longer := make([]byte, min(length, 4*filled))
		copy(longer, batch)
		batch = longer
	}
}

func (reader *BatchReader) fill(target []byte) error {
	if _, err := io.ReadFull(reader.source, target); err != nil {
		return malformed("a channel ends inside a batch, or its compressed data are damaged")
	}

	reader.count(len(target))
	return nil
}

func (reader *BatchReader) count(length int) {
	reader.left -= length
	reader.read += length
}

// BytesRead is how many decompressed bytes the batches so far took.
func (reader *BatchReader) BytesRead() int {
	return reader.read
}

func min(left, right int) int {
	if left < right {
		return left
	}

	return right
}

// pieces reads several pieces as one.
type pieces struct {
	rest [][]byte
	// used is how much of the first piece was read.
	used int
}

func (source *pieces) Read(target []byte) (int, error) {
	source.skipUsed()
	if len(source.rest) == 0 {
		return 0, io.EOF
	}

	count := copy(target, source.rest[0][source.used:])
	source.used += count
	return count, nil
}

// ReadByte keeps the decompressor from reading ahead.
func (source *pieces) ReadByte() (byte, error) {
	source.skipUsed()
	if len(source.rest) == 0 {
		return 0, io.EOF
	}

	octet := source.rest[0][source.used]
	source.used++
	return octet, nil
}

func (source *pieces) skipUsed() {
	for len(source.rest) > 0 && len(source.rest[0]) == source.used {
		source.rest, source.used = source.rest[1:], 0
	}
}

// DecodeBatchStrings reads the batches of a channel's decompressed content. What came before an error is returned with it.
func DecodeBatchStrings(content []byte) (batches [][]byte, err error) {
	source := bufio.NewReaderSize(&pieces{rest: [][]byte{content}}, readAheadBytes)
	reader := &BatchReader{source: source, left: len(content)}
	for {
		batch, err := reader.Next()
		switch {
		case err == io.EOF:
			return batches, nil
		case err != nil:
			return batches, err
		}

		batches = append(batches, batch)
	}
}
