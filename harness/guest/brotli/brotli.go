// Package brotli gives the decompressor of RFC 7932 to the channels of Fjord. It is the library
// github.com/andybalholm/brotli, as the package golang-github-andybalholm-brotli-dev of Debian 12 installs it; nothing of
// it is part of this repository. A build takes it in with
//
//	GOFLAGS='-modfile=brotli.mod -tags=brotli'
//
// Without these flags the module needs nothing but Go, and IsAvailable is false: what such a program would have to
// decompress is unknown to it, never malformed.
package brotli
