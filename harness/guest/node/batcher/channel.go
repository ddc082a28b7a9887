package batcher

import (
	"bytes"
	"compress/zlib"
	"crypto/rand"

	"culverin/guest/brotli"
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/rlp"
)

// brotliVersion begins a channel that is compressed with brotli (fjord/derivation.md, "Brotli Channel Compression").
const brotliVersion = 1

// spanOf makes a span batch of consecutive blocks, which follow a parent.
func spanOf(rollup *config.Rollup, blocks []*l2Block) ([]byte, error) {
	first, last := blocks[0], blocks[len(blocks)-1]
	head := derive.SpanHead{
		RelativeTimestamp: first.timestamp - rollup.Genesis.Time, L1OriginNumber: last.origin.Number,
	}
	copy(head.ParentCheck[:], first.parent[:])
	copy(head.L1OriginCheck[:], last.origin.Hash[:])
	spans := make([]derive.SpanBlock, len(blocks))
	for index, each := range blocks {
		spans[index] = derive.SpanBlock{IsOriginChanged: each.isFirst, Transactions: each.transactions}
	}

	return derive.EncodeSpan(head, spans)
}

// singularsOf makes a batch for each block.
func singularsOf(blocks []*l2Block) (batches [][]byte) {
	for _, each := range blocks {
		batch := derive.SingularBatch{
			ParentHash: each.parent, EpochNumber: each.origin.Number, EpochHash: each.origin.Hash,
			Timestamp: each.timestamp, Transactions: each.transactions,
		}
		batches = append(batches, batch.Encode())
	}

	return batches
}

// compress makes a channel of batches.
func compress(batches [][]byte, withBrotli bool) ([]byte, error) {
	var content []byte
	for _, batch := range batches {
		content = rlp.AppendBytes(content, batch)
	}

	if withBrotli && brotli.IsAvailable {
		return append([]byte{brotliVersion}, brotli.Compress(content)...), nil
	}

	var target bytes.Buffer
	writer, err := zlib.NewWriterLevel(&target, zlib.BestCompression)
	if err != nil {
		return nil, err
	}

	if _, err := writer.Write(content); err != nil {
		return nil, err
	}

	err = writer.Close()
	return target.Bytes(), err
}

// framesMax: numbers of frames have 16 bits.
const framesMax = 1 << 16

// split cuts a channel into the data of batcher transactions with one frame each, of at most so many bytes.
func split(channel []byte, bytesMax int) ([][]byte, error) {
	var id derive.ChannelID
	if _, err := rand.Read(id[:]); err != nil {
		return nil, err
	}

	room := bytesMax - derive.FrameOverhead - 1
	if room > derive.FrameDataMax {
		room = derive.FrameDataMax
	}

	var all [][]byte
	for number := 0; ; number++ {
		length := len(channel)
		if length > room {
			length = room
		}

		if number == framesMax {
			return nil, errTooLong
		}

		frame := derive.Frame{
			Channel: id, Number: uint16(number), Data: channel[:length], IsLast: length == len(channel),
		}
		all = append(all, derive.EncodeFrames([]derive.Frame{frame}))
		if channel = channel[length:]; len(channel) == 0 {
			return all, nil
		}
	}
}
