// Package api answers what wallets, tools, challengers and rollup nodes ask of an L2's node by JSON-RPC: the methods of
// execution clients (eth, net, web3, debug) and of op-node (optimism).
package api

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/pool"
	"culverin/guest/node/rpc"
)

// Status is what the node knows about both chains (optimism_syncStatus).
type Status struct {
	// Current is the L1 block that derivation has read, Head and Finalized are what the L1 node says.
	CurrentL1, HeadL1, SafeL1, FinalizedL1 derive.L1Block
}

// Node is what the methods need of the running node besides its chain.
type Node interface {
	// Status is the newest one; it may be called by many goroutines, as all of these.
	Status() Status
	// Added says that a transaction came into the pool.
	Added()
	// SequenceUntil has blocks made up to a timestamp, and L1 looked at now.
	SequenceUntil(timestamp uint64)
}

// API answers calls. It may be used by many goroutines.
type API struct {
	chain  *ledger.Reader
	rollup *config.Rollup
	// rollupFile is the rollup.json as it was given.
	rollupFile json.RawMessage
	node       Node
	// pool is nil on a node that does not sequence.
	pool *pool.Pool
	// keep puts a transaction of the pool on disk.
	keep func(hash keccak.Hash, encoded []byte) error
}

// New answers from a chain. The pool is nil where transactions are not taken; keep must have a transaction on disk when it
// returns.
func New(
	chain *ledger.Reader, rollup *config.Rollup, rollupFile []byte, node Node, waiting *pool.Pool,
	keep func(hash keccak.Hash, encoded []byte) error,
) *API {
	return &API{chain, rollup, rollupFile, node, waiting, keep}
}

// Register adds all methods to a server.
func (api *API) Register(server *rpc.Server) {
	for name, method := range map[string]rpc.Method{
		"web3_clientVersion":                      api.clientVersion,
		"net_version":                             api.netVersion,
		"net_listening":                           constant(true),
		"eth_syncing":                             constant(false),
		"eth_accounts":                            constant([]string{}),
		"eth_mining":                              constant(false),
		"eth_chainId":                             api.chainID,
		"eth_blockNumber":                         api.blockNumber,
		"eth_getBlockByNumber":                    api.getBlockByNumber,
		"eth_getBlockByHash":                      api.getBlockByHash,
		"eth_getHeaderByNumber":                   api.getHeaderByNumber,
		"eth_getHeaderByHash":                     api.getHeaderByHash,
		"eth_getBlockReceipts":                    api.getBlockReceipts,
		"eth_getUncleCountByBlockNumber":          api.uncleCount,
		"eth_getUncleCountByBlockHash":            api.uncleCount,
		"eth_getBlockTransactionCountByNumber":    api.transactionCountOfBlock,
		"eth_getBlockTransactionCountByHash":      api.transactionCountOfBlockHash,
		"eth_getTransactionByHash":                api.getTransactionByHash,
		"eth_getTransactionByBlockNumberAndIndex": api.getTransactionByNumber,
		"eth_getTransactionByBlockHashAndIndex":   api.getTransactionByBlockHash,
		"eth_getRawTransactionByHash":             api.getRawTransaction,
		"eth_getTransactionReceipt":               api.getTransactionReceipt,
		"eth_getBalance":                          api.getBalance,
		"eth_getCode":                             api.getCode,
		"eth_getStorageAt":                        api.getStorageAt,
		"eth_getTransactionCount":                 api.getTransactionCount,
		"eth_getProof":                            api.getProof,
		"eth_call":                                api.call,
		"eth_estimateGas":                         api.estimateGas,
		"eth_gasPrice":                            api.gasPrice,
		"eth_maxPriorityFeePerGas":                api.maxPriorityFeePerGas,
		"eth_blobBaseFee":                         constant(hexjson.Quantity(1)),
		"eth_feeHistory":                          api.feeHistory,
		"eth_getLogs":                             api.getLogs,
		"eth_sendRawTransaction":                  api.sendRawTransaction,
		"txpool_status":                           api.poolStatus,
		"debug_getRawHeader":                      api.getRawHeader,
		"debug_getRawBlock":                       api.getRawBlock,
		"debug_getRawReceipts":                    api.getRawReceipts,
		"debug_getRawTransaction":                 api.getRawTransaction,
		"debug_dbGet":                             api.dbGet,
		"debug_executionWitness":                  api.executionWitness,
		"optimism_outputAtBlock":                  api.outputAtBlock,
		"optimism_syncStatus":                     api.syncStatus,
		"optimism_rollupConfig":                   api.rollupConfig,
		"optimism_safeHeadAtL1Block":              api.safeHeadAtL1Block,
		"optimism_version":                        constant(version),
	} {
		server.Register(name, method)
	}
}

// RegisterHand adds the method by which a node with driver.HandClock is told the time.
func (api *API) RegisterHand(server *rpc.Server) {
	server.Register("admin_sequenceUntil", func(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
		var timestamp hexjson.Quantity
		if err := parameters.Read(1, &timestamp); err != nil {
			return nil, err
		}

		api.node.SequenceUntil(uint64(timestamp))
		return nil, nil
	})
}

// version is what this program calls itself.
const version = "v1.0.0"

func constant(value interface{}) rpc.Method {
	return func(context.Context, rpc.Parameters) (interface{}, error) { return value, nil }
}

func (api *API) clientVersion(context.Context, rpc.Parameters) (interface{}, error) {
	return "culverin-l2-node/" + version, nil
}

func (api *API) netVersion(context.Context, rpc.Parameters) (interface{}, error) {
	return decimal(api.chain.Chain.ID), nil
}

func (api *API) chainID(context.Context, rpc.Parameters) (interface{}, error) {
	return hexjson.Quantity(api.chain.Chain.ID), nil
}

func (api *API) blockNumber(context.Context, rpc.Parameters) (interface{}, error) {
	return hexjson.Quantity(api.chain.Heads().Unsafe.Header.Number), nil
}

// tag names a block: by a number, a word, or (EIP-1898) an object with its hash or number.
type tag struct {
	label  string
	number uint64
	hash   *keccak.Hash
	// isCanonical demands that the block of the hash is part of the chain.
	isCanonical bool
}

// unnamed names no block yet.
var unnamed tag

// UnmarshalJSON reads any of the forms.
func (tag *tag) UnmarshalJSON(data []byte) error {
	*tag = unnamed
	if len(data) > 0 && data[0] == '{' {
		var form struct {
			Number      *hexjson.Quantity `json:"blockNumber"`
			Hash        *hexjson.Hash     `json:"blockHash"`
			IsCanonical bool              `json:"requireCanonical"`
		}
		if err := json.Unmarshal(data, &form); err != nil {
			return err
		}

		switch {
		case (form.Number == nil) == (form.Hash == nil):
			return errors.New("either blockNumber or blockHash names a block")
		case form.Hash != nil:
			hash := keccak.Hash(*form.Hash)
			tag.hash, tag.isCanonical = &hash, form.IsCanonical
		default:
			tag.number = uint64(*form.Number)
		}

		return nil
	}

	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}

	if strings.HasPrefix(text, "0x") && len(text) == 2+2*keccak.Size {
		var hash hexjson.Hash
		if err := hash.UnmarshalText([]byte(text)); err != nil {
			return err
		}

		asHash := keccak.Hash(hash)
		tag.hash = &asHash
		return nil
	}

	if strings.HasPrefix(text, "0x") {
		return (*hexjson.Quantity)(&tag.number).UnmarshalText([]byte(text))
	}

	tag.label = text
	return nil
}

// latest is what is meant where no block is named.
func latest() tag { return tag{label: "latest"} }

// find returns the block that is named.
func (api *API) find(tag tag) (*ledger.Block, error) {
	heads := api.chain.Heads()
	switch tag.label {
	case "":
	case "latest", "pending":
		return heads.Unsafe, nil
	case "safe":
		return heads.Safe, nil
	case "finalized":
		return heads.Finalized, nil
	case "earliest":
		return api.chain.Genesis(), nil
	default:
		return nil, rpc.Fail(rpc.CodeParameters, "a block is named by a number, a hash, latest, pending, safe, "+
			"finalized or earliest")
	}

	if tag.hash != nil {
		found, err := api.chain.Block(*tag.hash)
		if err == nil && tag.isCanonical && !api.chain.IsCanonical(found.Hash, found.Header.Number) {
			err = rpc.Fail(rpc.CodeServer, "the block is not part of the chain")
		}

		return found, missing(err)
	}

	if tag.number > heads.Unsafe.Header.Number {
		return nil, missing(ledger.ErrNotFound)
	}

	found, err := api.chain.BlockByNumber(tag.number)
	return found, missing(err)
}

// errMissing is what methods answer that need a block.
var errMissing = rpc.Fail(rpc.CodeNotFound, "there is no such block")

func missing(err error) error {
	if errors.Is(err, ledger.ErrNotFound) {
		return errMissing
	}

	return err
}

// orNull makes null of a block that is not there: what methods answer that ask for one.
func orNull(result interface{}, err error) (interface{}, error) {
	if err == errMissing || errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}

	return result, err
}

// context opens the state after a block.
func (api *API) context(at *ledger.Block) (*block.Context, error) {
	return revisit(api.chain, at)
}

func revisit(chain *ledger.Reader, at *ledger.Block) (*block.Context, error) {
	context, err := block.Revisit(chain.Chain, chain, at.Header)
	var unknown *config.UnknownRulesError
	if errors.As(err, &unknown) {
		return nil, rpc.Fail(rpc.CodeServer, "%v", err)
	}

	return context, err
}

// decode reads a transaction of a block, which is well-formed.
func decode(encoded []byte) (*block.Transaction, block.Address, error) {
	transaction, err := block.Decode(encoded)
	if err != nil {
		return nil, block.Address{}, err
	}

	sender, err := block.Sender(transaction)
	return transaction, sender, err
}

func placeIn(within *ledger.Block, index int) forms.Place {
	hash, number := hexjson.Hash(within.Hash), hexjson.Quantity(within.Header.Number)
	at := hexjson.Quantity(index)
	return forms.Place{BlockHash: &hash, BlockNumber: &number, Index: &at}
}
