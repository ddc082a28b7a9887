// Makes one system call that versions with threads do not have. In Go's library its number is passed through
// several functions as an argument.
package main

import "syscall"

func main() {
	if syscall.Mkdir("folder", 0o700) != nil {
		println("refused")
	}
}
