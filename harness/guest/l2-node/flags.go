package main

import (
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"culverin/guest/block"
	"culverin/guest/console"
	"culverin/guest/secp256k1"
)

// newFlags are flags that say nothing themselves; parse does.
func newFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet("l2-node "+name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

// parse reads the command line; each of the needed flags must be given. Who asks for the flags gets them as output.
func parse(flags *flag.FlagSet, arguments []string, output io.Writer, needed ...string) error {
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			flags.SetOutput(output)
			flags.Usage()
			return err
		}

		return &usageError{err}
	}

	if flags.NArg() > 0 {
		return &usageError{fmt.Errorf("%q is no flag", flags.Arg(0))}
	}

	for _, name := range needed {
		if flags.Lookup(name).Value.String() == "" {
			return &usageError{fmt.Errorf("--%s is needed", name)}
		}
	}

	return nil
}

func readFile(path string) ([]byte, error) {
	data, err := console.ReadFile(path)
	if err != nil {
		return nil, &usageError{err}
	}

	return data, nil
}

// readKey reads a file with the 64 digits of a private key.
func readKey(path string) (*secp256k1.PrivateKey, error) {
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}

	digits, err := hex.DecodeString(strings.TrimPrefix(strings.TrimSpace(string(text)), "0x"))
	if err != nil || len(digits) != 32 {
		return nil, &usageError{fmt.Errorf("%s does not hold the 64 digits of a private key", path)}
	}

	key, isKey := secp256k1.NewPrivateKey(*(*[32]byte)(digits))
	if !isKey {
		return nil, &usageError{fmt.Errorf("%s holds a number that is no private key", path)}
	}

	return key, nil
}

func readAddress(text string) (address block.Address, err error) {
	digits, err := hex.DecodeString(strings.TrimPrefix(text, "0x"))
	if err != nil || len(digits) != len(address) {
		return address, &usageError{fmt.Errorf("%q is no address", text)}
	}

	copy(address[:], digits)
	return address, nil
}

// logger writes a line for each message, with the time.
func logger(target io.Writer) func(form string, arguments ...interface{}) {
	var mutex sync.Mutex
	return func(form string, arguments ...interface{}) {
		mutex.Lock()
		defer mutex.Unlock()
		fmt.Fprintf(target, "%s %s\n", time.Now().UTC().Format(time.RFC3339), fmt.Sprintf(form, arguments...))
	}
}
