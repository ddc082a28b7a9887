// Package service puts the parts of a node together: store, ledger, pool, driver, and the server for JSON-RPC.
package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"culverin/guest/config"
	"culverin/guest/config/rollupjson"
	"culverin/guest/keccak"
	"culverin/guest/l1node"
	"culverin/guest/node/api"
	"culverin/guest/node/client"
	"culverin/guest/node/driver"
	"culverin/guest/node/genesis"
	"culverin/guest/node/l1"
	"culverin/guest/node/ledger"
	"culverin/guest/node/pool"
	"culverin/guest/node/rpc"
	"culverin/guest/node/store"
	"culverin/guest/oracle"
	"culverin/guest/precompile"
)

// Options are how a node runs.
type Options struct {
	// Genesis, Rollup and L1Config are the contents of genesis.json, rollup.json and of L1's genesis.json, which is
	// needed for L1s that this program does not know.
	Genesis, Rollup, L1Config []byte
	// L1URL is L1's node, BeaconURL has blobs ("" for nobody).
	L1URL, BeaconURL string
	// BlobsByNumber names blocks to the beacon node by their number.
	BlobsByNumber bool
	// Verifier compares blobs with their hashes; nil where there is no beacon node.
	Verifier l1.Verifier
	// Confirmations is how many of L1's newest blocks count as not there yet.
	Confirmations uint64
	// Folder has the chain, Listen is the address that is served.
	Folder, Listen string
	Driver         driver.Options
	// Log is told what happens; by many goroutines.
	Log func(form string, arguments ...interface{})
	// Ready is told the URL that is served.
	Ready func(url string)
}

// FileError says that a file of the configuration is not what it should be, or does not fit another one.
type FileError struct {
	Err error
}

func (failure *FileError) Error() string { return failure.Err.Error() }
func (failure *FileError) Unwrap() error { return failure.Err }

// fileName is the chain's file in its folder.
const fileName = "chain.db"

// Limits of the server.
const (
	headerTime = 10 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 120 * time.Second
	idleTime   = 120 * time.Second
	endTime    = 5 * time.Second
)

// Run runs a node until the context ends.
func Run(ctx context.Context, options *Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	rollup, err := rollupjson.ParseRollup(options.Rollup, options.L1Config)
	if err != nil {
		return &FileError{err}
	}

	precompile.Use(l1.NewPrecompiles(l1node.New(options.L1URL)))
	source, err := connect(ctx, options, rollup)
	if err != nil {
		return err
	}

	file, chain, err := open(options, rollup)
	if err != nil {
		return err
	}

	defer func() { _ = file.Close() }()
	var waiting *pool.Pool
	if options.Driver.Sequence {
		waiting = pool.New()
	}

	running := driver.New(rollup, source, chain, waiting, options.Driver, options.Log)
	if waiting != nil {
		pending, err := file.Pending()
		if err != nil {
			return err
		}

		if err := refill(running, pending); err != nil {
			return err
		}
	}

	server := rpc.New(func(method string, err error) { options.Log("%s: %v", method, err) })
	methods := api.New(chain.Reader, rollup, options.Rollup, running, waiting, file.AddPending)
	methods.Register(server)
	if options.Driver.Clock == driver.HandClock {
		methods.RegisterHand(server)
	}

	return serve(ctx, cancel, options, running, server)
}

func refill(running *driver.Driver, pending [][]byte) (err error) {
	var failure *oracle.Failure
	defer func() {
		if failure != nil {
			err = failure
		}
	}()
	defer oracle.Catch(&failure)
	return running.Refill(pending)
}

// connect makes sure that L1's node has the chain that the L2 was made for.
func connect(ctx context.Context, options *Options, rollup *config.Rollup) (*l1.Source, error) {
	var beacon *l1.Beacon
	if options.BeaconURL != "" {
		beacon = l1.NewBeacon(client.New(options.BeaconURL), options.Verifier, options.BlobsByNumber)
	}

	source := l1.New(ctx, client.New(options.L1URL), beacon, options.Confirmations)
	id, err := source.ChainID()
	if err != nil {
		return nil, err
	}

	if id != rollup.L1ChainID {
		return nil, fmt.Errorf("service: L1's node has the chain %d, and the L2 was made for %d", id, rollup.L1ChainID)
	}

	first, err := source.Header(rollup.Genesis.L1.Number)
	if err != nil {
		return nil, fmt.Errorf("service: L1 block %d, after which the L2 begins: %w", rollup.Genesis.L1.Number, err)
	}

	if first.Hash != keccak.Hash(rollup.Genesis.L1.Hash) {
		return nil, fmt.Errorf("service: L1's block %d is 0x%x, and the L2 was made for 0x%x",
			rollup.Genesis.L1.Number, first.Hash, rollup.Genesis.L1.Hash)
	}

	return source, nil
}

func open(options *Options, rollup *config.Rollup) (*store.Store, *ledger.Ledger, error) {
	first, err := genesis.Parse(options.Genesis, rollup.Chain)
	if err != nil {
		return nil, nil, &FileError{err}
	}

	hash, header := first.Header.Hash(), first.Header
	if hash != keccak.Hash(rollup.Genesis.L2.Hash) || header.Number != rollup.Genesis.L2.Number ||
		header.Timestamp != rollup.Genesis.Time {
		return nil, nil, &FileError{fmt.Errorf("service: genesis.json makes block %d 0x%x at %d, rollup.json names %d 0x%x at %d",
			header.Number, hash, header.Timestamp, rollup.Genesis.L2.Number, rollup.Genesis.L2.Hash, rollup.Genesis.Time)}
	}

	if err := os.MkdirAll(options.Folder, 0o700); err != nil {
		return nil, nil, err
	}

	file, err := store.Open(filepath.Join(options.Folder, fileName))
	if err != nil {
		return nil, nil, err
	}

	chain, err := ledger.Open(file, rollup.Chain, first)
	if err != nil {
		_ = file.Close()
		return nil, nil, err
	}

	return file, chain, nil
}

func serve(
	ctx context.Context, cancel context.CancelFunc, options *Options, running *driver.Driver, handler http.Handler,
) error {
	listener, err := net.Listen("tcp", options.Listen)
	if err != nil {
		return err
	}

	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: 1 << 16,
	}
	ended := make(chan error, 1)
	go func() {
		err := server.Serve(listener)
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}

		cancel()
		ended <- err
	}()
	if options.Ready != nil {
		options.Ready("http://" + listener.Addr().String())
	}

	err = running.Run(ctx)
	closing, stop := context.WithTimeout(context.Background(), endTime)
	defer stop()
	_ = server.Shutdown(closing)
	_ = server.Close()
	if served := <-ended; err == nil {
		err = served
	}

	return err
}
