//go:build !brotli

package brotli

import (
	"io"
)

// IsAvailable tells whether this build can decompress.
const IsAvailable = false

// NewReader must not be called where IsAvailable is false.
func NewReader(io.Reader) io.Reader {
	panic("brotli: this program was built without it")
}

// Compress must not be called where IsAvailable is false.
func Compress([]byte) []byte {
	panic("brotli: this program was built without it")
}
