package derive

import (
	"encoding/binary"
)

// ChannelID tells channels apart (derivation.md, "Frame Format").
type ChannelID = [16]byte

// batcherVersion is the first byte of a batcher transaction's data that hold frames (derivation.md, "Batcher Transaction
// Format"). Version 1, commitments to data elsewhere, is experimental and counts for nothing.
const batcherVersion = 0

// Sizes of a frame in bytes (derivation.md, "Frame Format").
const (
	frameHeadBytes = 16 + 2 + 4
	// FrameOverhead is what a frame has besides its data.
	FrameOverhead = frameHeadBytes + 1
	// FrameDataMax is the most data a frame may have.
	FrameDataMax = 1_000_000
)

// Frame is a part of a channel.
type Frame struct {
	// Channel is the channel's id.
	Channel ChannelID
	// Number is the frame's place in the channel, from 0.
	Number uint16
	// Data are the channel's bytes behind those of the frame before.
	Data []byte
	// IsLast closes the channel.
	IsLast bool
}

// DecodeFrames reads the data of a batcher transaction: the version byte 0 and one or more frames. If anything is
// malformed, none of the frames counts. The frames keep data.
func DecodeFrames(data []byte) ([]Frame, error) {
	switch {
	case len(data) == 0:
		return nil, malformed("a batcher transaction has no data")
	case data[0] != batcherVersion:
		return nil, malformed("a batcher transaction is of an unknown version")
	case len(data) == 1:
		return nil, malformed("a batcher transaction has no frame")
	}

	var frames []Frame
	for rest := data[1:]; len(rest) > 0; {
		frame, size := decodeFrame(rest)
		if size == 0 {
			return nil, malformed("a frame is malformed")
		}

		frames = append(frames, frame)
		rest = rest[size:]
	}

	return frames, nil
}

// decodeFrame reads the first frame of data; size is 0 if there is none.
func decodeFrame(data []byte) (frame Frame, size int) {
	if len(data) < FrameOverhead {
		return Frame{}, 0
	}

	copy(frame.Channel[:], data)
	frame.Number = binary.BigEndian.Uint16(data[16:])
	length := binary.BigEndian.Uint32(data[18:])
	if length > FrameDataMax || int(length) > len(data)-FrameOverhead {
		return Frame{}, 0
	}

	end := frameHeadBytes + int(length)
	frame.Data = data[frameHeadBytes:end:end]
	if data[end] > 1 {
		return Frame{}, 0
	}

	frame.IsLast = data[end] == 1
	return frame, end + 1
}

// EncodeFrames writes what DecodeFrames reads.
func EncodeFrames(frames []Frame) []byte {
	length := 1
	for index := range frames {
		length += FrameOverhead + len(frames[index].Data)
	}

	data := append(make([]byte, 0, length), batcherVersion)
	for index := range frames {
		frame := &frames[index]
		var head [frameHeadBytes]byte
		copy(head[:], frame.Channel[:])
		binary.BigEndian.PutUint16(head[16:], frame.Number)
		binary.BigEndian.PutUint32(head[18:], uint32(len(frame.Data)))
		data = append(append(data, head[:]...), frame.Data...)
		isLast := byte(0)
		if frame.IsLast {
			isLast = 1
		}

		data = append(data, isLast)
	}

	return data
}
