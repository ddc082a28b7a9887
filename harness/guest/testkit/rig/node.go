package rig

import (
	"context"
	"fmt"
	"testing"
	"time"

	"culverin/guest/keccak"
	"culverin/guest/node/driver"
	"culverin/guest/node/service"
	"culverin/guest/node/store"
	"culverin/guest/testkit/anvil"
)

// Node is a node of the L2 that runs inside the test.
type Node struct {
	*anvil.Node
	URL string
	t   testing.TB
	// Stop ends the node and returns when it has ended.
	Stop func()
}

// Start starts a node in a folder; it ends with the test.
func (l1 *L1) Start(files *Files, folder string, options driver.Options) *Node {
	l1.t.Helper()
	if !store.IsAvailable {
		l1.t.Skip("did not run: this build has no bbolt (see node.mod)")
	}

	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	options.Poll = 20 * time.Millisecond
	if options.Clock == driver.WallClock {
		options.Clock = driver.L1Clock
	}

	all := &service.Options{
		Genesis: files.Genesis, Rollup: files.Rollup, L1Config: files.L1Config, L1URL: l1.URL, Folder: folder,
		Listen: "127.0.0.1:0", Driver: options, Log: l1.t.Logf, Ready: func(url string) { ready <- url },
	}
	if l1.Blobs != nil {
		all.BeaconURL, all.BlobsByNumber, all.Verifier = l1.URL, true, l1.Blobs
	}

	go func() { ended <- service.Run(ctx, all) }()
	node := &Node{t: l1.t}
	node.Stop = func() {
		cancel()
		if err, isOpen := <-ended; isOpen && err != nil {
			l1.t.Errorf("the node ended: %v", err)
		}
	}
	select {
	case node.URL = <-ready:
	case err := <-ended:
		l1.t.Fatalf("the node did not start: %v", err)
	}

	isStopped := false
	stop := node.Stop
	node.Stop = func() {
		if !isStopped {
			isStopped = true
			stop()
		}
	}
	l1.t.Cleanup(node.Stop)
	node.Node = anvil.Connect(l1.t, node.URL)
	return node
}

// Head is a block in the answer to optimism_syncStatus.
type Head struct {
	Hash   string `json:"hash"`
	Number uint64 `json:"number"`
	Time   uint64 `json:"timestamp"`
	Origin struct {
		Hash   string `json:"hash"`
		Number uint64 `json:"number"`
	} `json:"l1origin"`
	SequenceNumber uint64 `json:"sequenceNumber"`
}

// Status is the answer to optimism_syncStatus.
type Status struct {
	CurrentL1 Head `json:"current_l1"`
	HeadL1    Head `json:"head_l1"`
	Unsafe    Head `json:"unsafe_l2"`
	Safe      Head `json:"safe_l2"`
	Finalized Head `json:"finalized_l2"`
}

// Status asks for the heads.
func (node *Node) Status() (status Status) {
	node.Ask(&status, "optimism_syncStatus")
	return status
}

// waitTime is how long a test waits for a node: much longer than it should need.
const waitTime = 90 * time.Second

// Wait waits until the status is as a test wants it.
func (node *Node) Wait(what string, isSo func(status *Status) bool) *Status {
	node.t.Helper()
	for end := time.Now().Add(waitTime); ; {
		status := node.Status()
		if isSo(&status) {
			return &status
		}

		if time.Now().After(end) {
			node.t.Fatalf("did not happen: %s; the status is %+v", what, status)
		}

		time.Sleep(20 * time.Millisecond)
	}
}

// WaitForL1 waits until the node has read L1 up to its newest block.
func (node *Node) WaitForL1(l1 *L1) *Status {
	node.t.Helper()
	number := l1.Number()
	hash := l1.BlockHash(number)
	return node.Wait("L1 is read", func(status *Status) bool { return status.CurrentL1.Hash == hash })
}

// WaitForBlocks waits until a sequencer is as far as L1's newest block allows.
func (node *Node) WaitForBlocks(l1 *L1) *Status {
	node.t.Helper()
	time := l1.Time()
	return node.Wait("blocks are made", func(status *Status) bool { return status.Unsafe.Time+L2Time > time })
}

// RawBlock is a whole block as bytes, in hex digits.
func (node *Node) RawBlock(number uint64) (raw string) {
	node.Ask(&raw, "debug_getRawBlock", fmt.Sprintf("0x%x", number))
	return raw
}

// Chain is a digest of all blocks up to one.
func (node *Node) Chain(last uint64) (digest keccak.Hash) {
	for number := uint64(0); number <= last; number++ {
		digest = keccak.Sum(digest[:], []byte(node.RawBlock(number)))
	}

	return digest
}
