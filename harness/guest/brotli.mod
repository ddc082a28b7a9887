// go.mod with the library that package brotli is for, as Debian installs it.
module culverin/guest

go 1.19

require github.com/andybalholm/brotli v1.0.4

replace github.com/andybalholm/brotli => /usr/share/gocode/src/github.com/andybalholm/brotli
