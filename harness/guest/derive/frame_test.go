package derive

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

// unhex reads digits; blanks between them do not count.
func unhex(t testing.TB, digits string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.Join(strings.Fields(digits), ""))
	if err != nil {
		t.Fatal(err)
	}

	return data
}

const channelDigits = "000102030405060708090a0b0c0d0e0f"

func TestFramesByHand(t *testing.T) {
	data := unhex(t, "00"+channelDigits+"0000 00000003 aabbcc 00"+channelDigits+"0102 00000000 01")
	frames, err := DecodeFrames(data)
	if err != nil || len(frames) != 2 {
		t.Fatalf("%v, %d frames", err, len(frames))
	}

	first, second := frames[0], frames[1]
	if first.Channel[15] != 15 || first.Number != 0 || !bytes.Equal(first.Data, []byte{0xaa, 0xbb, 0xcc}) || first.IsLast {
		t.Errorf("%+v", first)
	}

	if second.Number != 0x0102 || len(second.Data) != 0 || !second.IsLast {
		t.Errorf("%+v", second)
	}

	if !bytes.Equal(EncodeFrames(frames), data) {
		t.Error("the frames are written as others")
	}
}

func TestOneMalformedFrameVoidsAll(t *testing.T) {
	good := channelDigits + "0000 00000001 aa 00"
	for name, digits := range map[string]string{
		"no data":                "",
		"no frame":               "00",
		"version 1":              "01" + good,
		"version 255":            "ff" + good,
		"is_last 2":              "00" + good + channelDigits + "0001 00000001 aa 02",
		"data missing":           "00" + good + channelDigits + "0001 00000002 aa 01",
		"is_last missing":        "00" + good + channelDigits + "0001 00000001 aa",
		"head cut":               "00" + good + channelDigits + "0001 0000",
		"a byte behind":          "00" + good + "00",
		"length of all ones":     "00" + good + channelDigits + "0001 ffffffff aa 01",
		"length with a sign bit": "00" + good + channelDigits + "0001 80000000 aa 01",
	} {
		var failure *MalformedError
		if frames, err := DecodeFrames(unhex(t, digits)); !errors.As(err, &failure) || frames != nil {
			t.Errorf("%s: %v, %v", name, frames, err)
		}
	}
}

func TestFrameDataMax(t *testing.T) {
	for length, isRight := range map[int]bool{FrameDataMax: true, FrameDataMax + 1: false} {
		data := EncodeFrames([]Frame{{Data: make([]byte, length), IsLast: true}})
		if _, err := DecodeFrames(data); (err == nil) != isRight {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(unhex(f, "00"+channelDigits+"0000 00000003 aabbcc 00"+channelDigits+"0102 00000000 01"))
	f.Add(unhex(f, "00"+channelDigits+"0001 00000002 aa 01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		frames, err := DecodeFrames(data)
		if err == nil && !bytes.Equal(EncodeFrames(frames), data) {
			t.Fatalf("%x is read as %+v", data, frames)
		}
	})
}
