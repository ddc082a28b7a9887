// go.mod with the libraries that packages brotli and node/store are for, as Debian installs them.
module culverin/guest

go 1.19

require (
	github.com/andybalholm/brotli v1.0.4
	go.etcd.io/bbolt v1.3.6
	golang.org/x/sys v0.3.0
)

replace (
	github.com/andybalholm/brotli => /usr/share/gocode/src/github.com/andybalholm/brotli
	go.etcd.io/bbolt => /usr/share/gocode/src/go.etcd.io/bbolt
	golang.org/x/sys => /usr/share/gocode/src/golang.org/x/sys
)
