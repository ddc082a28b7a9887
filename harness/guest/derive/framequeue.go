package derive

// FrameQueue holds the frames of a batcher transaction that no channel took yet, by Holocene's rules
// (holocene/derivation.md, "Frame Queue").
type FrameQueue struct {
	frames []Frame
}

// Add takes the frames of one batcher transaction, in their order. What is out of order is left out at once; a new first
// frame takes the place of a channel that was not closed.
func (queue *FrameQueue) Add(frames []Frame) {
	for _, frame := range frames {
		queue.add(frame)
	}
}

func (queue *FrameQueue) add(frame Frame) {
	if len(queue.frames) > 0 {
		last := &queue.frames[len(queue.frames)-1]
		switch {
		case frame.Number == 0:
			if !last.IsLast {
				queue.removeChannel(last.Channel)
			}
		case last.Channel != frame.Channel || last.IsLast || int(frame.Number) != int(last.Number)+1:
			return
		}
	}

	queue.frames = append(queue.frames, frame)
}

// removeChannel takes the frames of a channel off the end.
func (queue *FrameQueue) removeChannel(channel ChannelID) {
	length := len(queue.frames)
	for length > 0 && queue.frames[length-1].Channel == channel && !queue.frames[length-1].IsLast {
		length--
	}

	queue.frames = queue.frames[:length]
}

// Next takes the first frame.
func (queue *FrameQueue) Next() (frame Frame, found bool) {
	if len(queue.frames) == 0 {
		return Frame{}, false
	}

	frame = queue.frames[0]
	queue.frames = queue.frames[1:]
	return frame, true
}

// frameBankBytes is what a frame in the bank counts besides its data (derivation.md, "Pruning").
const frameBankBytes = 200

// StagingChannel is the channel that is being put together: since Holocene one at most (holocene/derivation.md, "Channel
// Bank").
type StagingChannel struct {
	id       ChannelID
	pieces   Channel
	size     int
	openedAt uint64
	isOpen   bool
}

// Add takes the next frame, read from the L1 block with this number. It returns the channel if the frame completed it.
// A frame that does not continue the open channel counts for nothing; one that comes too late, or makes the channel too
// large, ends it.
func (staging *StagingChannel) Add(frame Frame, l1Number uint64) (channel Channel, isComplete bool) {
	switch {
	case frame.Number == 0:
		*staging = StagingChannel{id: frame.Channel, openedAt: l1Number, isOpen: true}
	case !staging.isOpen || staging.id != frame.Channel || int(frame.Number) != len(staging.pieces):
		return nil, false
	case l1Number > staging.openedAt+ChannelTimeout:
		*staging = StagingChannel{}
		return nil, false
	}

	staging.pieces = append(staging.pieces, frame.Data)
	staging.size += len(frame.Data) + frameBankBytes
	switch {
	case staging.size > ChannelBytesMaxFjord:
		*staging = StagingChannel{}
	case frame.IsLast:
		channel = staging.pieces
		*staging = StagingChannel{}
		return channel, true
	}

	return nil, false
}
