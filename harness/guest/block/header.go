package block

import (
	"crypto/sha256"
	"math"

	"culverin/guest/keccak"
	"culverin/guest/rlp"
	"culverin/guest/u256"
)

// Fields of a header: those before EIP-1559, all up to Cancun, and with Prague's.
const (
	headerFieldsCancun = 20
	headerFieldsPrague = 21
)

// extraDataBytesMax: Yellow Paper, 4.3.4.
const extraDataBytesMax = 32

// EmptyUncles is the hash of the empty list of uncles.
var EmptyUncles = keccak.Sum(rlp.EncodeList())

// emptyRequests is the hash of no requests (EIP-7685; isthmus/exec-engine.md, "Header Validity Rules").
var emptyRequests = keccak.Hash(sha256.Sum256(nil))

// Header is a block's header with the fields of Cancun.
type Header struct {
	ParentHash, UnclesHash                    keccak.Hash
	Coinbase                                  Address
	StateRoot, TransactionsRoot, ReceiptsRoot keccak.Hash
	Bloom                                     Bloom
	Difficulty                                u256.Int
	Number, GasLimit, GasUsed, Timestamp      uint64
	ExtraData                                 []byte
	PrevRandao                                [32]byte
	Nonce                                     [8]byte
	BaseFee                                   u256.Int
	WithdrawalsRoot                           keccak.Hash
	BlobGasUsed, ExcessBlobGas                uint64
	ParentBeaconRoot                          [32]byte
	// RequestsHash stands in the header where HasRequests is set: since Prague (EIP-7685), on L2 since Isthmus.
	RequestsHash keccak.Hash
	HasRequests  bool
	// Later are the fields behind it that a fork of L1 added which is not known here, each encoded, one after the other.
	Later []byte
}

// Encode writes the header as it is hashed.
func (header *Header) Encode() []byte {
	list := [][]byte{
		rlp.EncodeBytes(header.ParentHash[:]), rlp.EncodeBytes(header.UnclesHash[:]),
		rlp.EncodeBytes(header.Coinbase[:]), rlp.EncodeBytes(header.StateRoot[:]),
		rlp.EncodeBytes(header.TransactionsRoot[:]), rlp.EncodeBytes(header.ReceiptsRoot[:]),
		rlp.EncodeBytes(header.Bloom[:]), encodeNumber(&header.Difficulty),
		rlp.EncodeUint64(header.Number), rlp.EncodeUint64(header.GasLimit),
		rlp.EncodeUint64(header.GasUsed), rlp.EncodeUint64(header.Timestamp),
		rlp.EncodeBytes(header.ExtraData), rlp.EncodeBytes(header.PrevRandao[:]),
		rlp.EncodeBytes(header.Nonce[:]), encodeNumber(&header.BaseFee),
		rlp.EncodeBytes(header.WithdrawalsRoot[:]), rlp.EncodeUint64(header.BlobGasUsed),
		rlp.EncodeUint64(header.ExcessBlobGas), rlp.EncodeBytes(header.ParentBeaconRoot[:]),
	}
	if header.HasRequests {
		list = append(list, rlp.EncodeBytes(header.RequestsHash[:]), header.Later)
	}

	return rlp.EncodeList(list...)
}

// Hash names the block.
func (header *Header) Hash() keccak.Hash {
	return keccak.Sum(header.Encode())
}

// DecodeHeader reads a header of an L2, of Cancun or later.
func DecodeHeader(data []byte) (*Header, error) {
	return decodeHeader(openFields(data, headerFieldsCancun, headerFieldsPrague))
}

// DecodeL1Header reads a header of L1, of Cancun or later. Forks of L1 add fields behind the others, and derivation asks
// for none of those: what is not known is kept, and the hash is over all of it.
func DecodeL1Header(data []byte) (*Header, error) {
	return decodeHeader(openFields(data, headerFieldsCancun, math.MaxInt32))
}

func decodeHeader(list fields) (*Header, error) {
	header := &Header{HasRequests: len(list.items) >= headerFieldsPrague}
	header.ParentHash, header.UnclesHash = list.hash(), list.hash()
	header.Coinbase = list.address()
	header.StateRoot, header.TransactionsRoot, header.ReceiptsRoot = list.hash(), list.hash(), list.hash()
	list.exactly(header.Bloom[:])
	header.Difficulty = list.number()
	header.Number, header.GasLimit = list.uint64(), list.uint64()
	header.GasUsed, header.Timestamp = list.uint64(), list.uint64()
	header.ExtraData = list.bytes()
	header.PrevRandao = list.hash()
	list.exactly(header.Nonce[:])
	header.BaseFee = list.number()
	header.WithdrawalsRoot = list.hash()
	header.BlobGasUsed, header.ExcessBlobGas = list.uint64(), list.uint64()
	header.ParentBeaconRoot = list.hash()
	if header.HasRequests {
		header.RequestsHash = list.hash()
	}

	for len(list.items) > 0 && !list.failed {
		header.Later = append(header.Later, list.next().Raw...)
	}

	if !list.isComplete() || len(header.ExtraData) > extraDataBytesMax {
		return nil, ErrMalformed
	}

	return header, nil
}
