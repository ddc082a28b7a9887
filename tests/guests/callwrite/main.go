// Writes through the package os. Go 1.19 first asks for the descriptor's flags, by a system call whose number it
// keeps in a variable: one that 32-bit versions with threads do not have.
package main

import "os"

func main() {
	os.Stdout.WriteString("written\n")
}
