//go:build brotli

package brotli

import (
	"io"

	library "github.com/andybalholm/brotli"
)

// IsAvailable tells whether this build can decompress.
const IsAvailable = true

// NewReader decompresses one stream. After the stream's last byte it reports io.EOF, or an error if the source holds
// more. A source that ends early may look like io.EOF too.
func NewReader(source io.Reader) io.Reader {
	return library.NewReader(source)
}

// Compress makes one stream of the data, as small as the library can.
func Compress(data []byte) []byte {
	target := &sink{}
	writer := library.NewWriterLevel(target, library.BestCompression)
	if _, err := writer.Write(data); err != nil {
		panic(err)
	}

	if err := writer.Close(); err != nil {
		panic(err)
	}

	return target.data
}

// sink takes everything that is written.
type sink struct {
	data []byte
}

func (target *sink) Write(data []byte) (int, error) {
	target.data = append(target.data, data...)
	return len(data), nil
}
