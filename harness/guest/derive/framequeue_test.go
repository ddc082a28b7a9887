package derive

import (
	"fmt"
	"strings"
	"testing"
)

// framesOf reads "A0 A1. B0": channel, number, and a dot behind the last frame of a channel.
func framesOf(text string) (frames []Frame) {
	for _, word := range strings.Fields(text) {
		frame := Frame{Channel: ChannelID{word[0]}, Data: []byte{word[0]}, IsLast: strings.HasSuffix(word, ".")}
		fmt.Sscanf(strings.TrimSuffix(word[1:], "."), "%d", &frame.Number)
		frames = append(frames, frame)
	}

	return frames
}

func textOf(queue *FrameQueue) string {
	var words []string
	for frame, found := queue.Next(); found; frame, found = queue.Next() {
		word := fmt.Sprintf("%c%d", frame.Channel[0], frame.Number)
		if frame.IsLast {
			word += "."
		}

		words = append(words, word)
	}

	return strings.Join(words, " ")
}

// TestFrameQueue: each rule of holocene/derivation.md, "Frame Queue".
func TestFrameQueue(t *testing.T) {
	for frames, expected := range map[string]string{
		"":                       "",
		"A0 A1 A2.":              "A0 A1 A2.",
		"A0. B0 B1.":             "A0. B0 B1.",
		"A3 A4 A5.":              "A3 A4 A5.",
		"A0 A2 A1 A2.":           "A0 A1 A2.",
		"A0 A1 A1 A2.":           "A0 A1 A2.",
		"A0 A1. A2":              "A0 A1.",
		"A0 A1. A1":              "A0 A1.",
		"A0 B1 A1.":              "A0 A1.",
		"A0. B1 B2.":             "A0.",
		"A0 A1 B0 B1.":           "B0 B1.",
		"A0 A1 A0 A1.":           "A0 A1.",
		"A0 A1. B0 B1 C0.":       "A0 A1. C0.",
		"A0. A0 A1 B0.":          "A0. B0.",
		"A7 B0. A8":              "B0.",
		"A0 B0 A1 B1. A2. C1 D0": "B0 B1. D0",
		"A65535 A0":              "A0",
	} {
		queue := &FrameQueue{}
		queue.Add(framesOf(frames))
		if left := textOf(queue); left != expected {
			t.Errorf("%s leaves %s, expected %s", frames, left, expected)
		}
	}
}

// TestStagingChannel: each step is an L1 block's number and a frame; a star expects the channel to be complete.
func TestStagingChannel(t *testing.T) {
	for name, steps := range map[string]string{
		"in order":                     "1 A0, 2 A1, 2 A2.*",
		"one frame":                    "1 A0.*, 1 A1.",
		"no first frame":               "1 A1, 1 A2.",
		"gap":                          "1 A0, 1 A2., 1 A1, 1 A2.*",
		"twice":                        "1 A0, 1 A0, 1 A1.*",
		"other channel's frame":        "1 A0, 1 B1., 1 A1.*",
		"new first frame":              "1 A0, 1 B0, 1 A1., 1 B1.*",
		"the last moment":              "1 A0, 51 A1.*",
		"too late":                     "1 A0, 52 A1., 52 A1., 52 A2.",
		"too late, then anew":          "1 A0, 52 A1., 52 A0, 53 A1.*",
		"too late, other's frame":      "1 A0, 52 B1., 51 A1.*",
		"time counts from first frame": "1 A0, 40 A1, 60 A2.",
	} {
		staging := &StagingChannel{}
		for _, step := range strings.Split(steps, ", ") {
			number, text := uint64(0), ""
			fmt.Sscanf(step, "%d %s", &number, &text)
			expected := strings.HasSuffix(text, "*")
			frame := framesOf(strings.TrimSuffix(text, "*"))[0]
			channel, isComplete := staging.Add(frame, number)
			if isComplete != expected || isComplete && len(channel) != int(frame.Number)+1 {
				t.Errorf("%s, %s: %v, %d pieces", name, step, isComplete, len(channel))
			}
		}
	}
}

// TestStagingChannelMax: 100,000,000 bytes with 200 for each frame are the most.
func TestStagingChannelMax(t *testing.T) {
	big := make([]byte, FrameDataMax)
	for last, expected := range map[int]bool{FrameDataMax - 100*200: true, FrameDataMax - 100*200 + 1: false} {
		staging := &StagingChannel{}
		for number := uint16(0); number < 99; number++ {
			staging.Add(Frame{Number: number, Data: big}, 1)
		}

		if _, isComplete := staging.Add(Frame{Number: 99, Data: big[:last], IsLast: true}, 1); isComplete != expected {
			t.Errorf("%d bytes: %v", last, isComplete)
		}

		if staging.isOpen {
			t.Errorf("%d bytes: the channel is still open", last)
		}
	}
}
