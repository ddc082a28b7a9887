package madeup

import (
	"bytes"
	"compress/zlib"

	"culverin/guest/block"
	"culverin/guest/chain"
	"culverin/guest/config"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/l1node"
	"culverin/guest/precompile"
	"culverin/guest/testkit/wallet"
	"culverin/guest/u256"
)

// L2Block is a block of the L2.
type L2Block struct {
	Hash   keccak.Hash
	Header *block.Header
	// Origin is the block's L1 origin, Sequence its place in that epoch.
	Origin   *L1Block
	Sequence uint64
	// Transactions are those of the sequencer, All with the deposits before them.
	Transactions, All [][]byte
	// isFirst tells that the origin is another than the block's before.
	isFirst bool
	passer  keccak.Hash
}

// Head is the newest block of the L2.
func (world *World) Head() *L2Block {
	return world.L2[len(world.L2)-1]
}

// L1At returns a block of L1.
func (world *World) L1At(number uint64) *L1Block {
	return world.L1[number-FirstL1]
}

// AddL2 appends a block with these transactions of the sequencer. Its origin is the next one as soon as that is not
// younger than the block.
func (world *World) AddL2(transactions ...[]byte) *L2Block {
	origin := world.Head().Origin
	if number := origin.Number() + 1; number < FirstL1+uint64(len(world.L1)) {
		if next := world.L1At(number); next.Header.Timestamp <= world.Head().Header.Timestamp+BlockTime {
			origin = next
		}
	}

	return world.AddL2At(origin, transactions...)
}

// AddL2Until appends empty blocks until one with a timestamp of at least this is there.
func (world *World) AddL2Until(timestamp uint64) {
	for world.Head().Header.Timestamp < timestamp {
		world.AddL2()
	}
}

// AddL2At appends a block with an origin.
func (world *World) AddL2At(origin *L1Block, transactions ...[]byte) *L2Block {
	parent := world.Head()
	made := &L2Block{Origin: origin, Transactions: transactions, isFirst: origin != parent.Origin}
	header := origin.Header
	said := &derive.L1Attributes{
		Form: world.attributesForm(parent), Number: header.Number, Timestamp: header.Timestamp, BaseFee: header.BaseFee,
		BlobBaseFee: u256.New(1), Hash: origin.Hash,
		BaseFeeScalar: origin.System.BaseFeeScalar, BlobBaseFeeScalar: origin.System.BlobBaseFeeScalar,
		OperatorFeeScalar: origin.System.OperatorFeeScalar, OperatorFeeConstant: origin.System.OperatorFeeConstant,
		DAFootprintScalar: 400,
	}

	copy(said.BatcherHash[12:], origin.System.Batcher[:])
	var deposits [][]byte
	if made.isFirst {
		deposits = origin.Deposits
	} else {
		made.Sequence = parent.Sequence + 1
		said.SequenceNumber = made.Sequence
	}

	all := append([][]byte{said.Deposit().Encode()}, deposits...)
	all = append(all, world.upgrades(parent)...)
	attributes := &block.Attributes{
		Timestamp: parent.Header.Timestamp + BlockTime, PrevRandao: header.PrevRandao,
		FeeRecipient:     block.Address{0: 0x42, 19: 0x11},
		ParentBeaconRoot: header.ParentBeaconRoot, GasLimit: origin.System.GasLimit, HasFeeParameters: true,
		HasMinBaseFee: world.Rollup.Chain.IsActive(config.Jovian, parent.Header.Timestamp+BlockTime),
		Transactions:  append(all, transactions...),
	}
	precompile.Use(l1node.New(""))
	result, err := block.ExecuteInto(world.Rollup.Chain, source{world}, parent.Header, attributes, world.store)
	if err != nil {
		world.t.Fatalf("the sequencer's block cannot be made: %v", err)
	}

	made.Header, made.Hash = result.Header, world.put(result.Header.Encode())
	made.All = attributes.Transactions
	world.list(made.All)

	// Nobody withdraws here.
	made.passer = parent.passer
	world.L2 = append(world.L2, made)
	return made
}

// Transfer is a transaction of the L2.
func Transfer(from wallet.Key, to block.Address, nonce, wei uint64) []byte {
	return from.Sign(&block.Transaction{
		Type: block.DynamicFeeType, ChainID: ChainID, HasChainID: true, Nonce: nonce, To: &to, Value: u256.New(wei),
		GasLimit: 21_000, FeeCap: u256.New(10_000_000_000), TipCap: u256.New(1),
	}).Encoded
}

// Output is the output root after a block, and keeps what is behind it.
func (world *World) Output(number int) keccak.Hash {
	made := world.L2[number]
	output := chain.Output{StateRoot: made.Header.StateRoot, MessagePasserRoot: made.passer, Block: made.Hash}
	var data [128]byte
	copy(data[32:], output.StateRoot[:])
	copy(data[64:], output.MessagePasserRoot[:])
	copy(data[96:], output.Block[:])
	return world.put(data[:])
}

// Singular is the batch of a block.
func (world *World) Singular(number int) []byte {
	return world.SingularBatch(number).Encode()
}

// SingularBatch is the batch of a block, to be changed.
func (world *World) SingularBatch(number int) *derive.SingularBatch {
	made := world.L2[number]
	return &derive.SingularBatch{
		ParentHash: made.Header.ParentHash, EpochNumber: made.Origin.Number(), EpochHash: made.Origin.Hash,
		Timestamp: made.Header.Timestamp, Transactions: derive.NewTransactionList(made.Transactions...),
	}
}

// Span is the batch of some blocks, the last one included.
func (world *World) Span(first, last int) []byte {
	head, blocks := world.SpanParts(first, last)
	return world.EncodeSpan(head, blocks)
}

// SpanParts are what a span batch is made of, to be changed.
func (world *World) SpanParts(first, last int) (derive.SpanHead, []derive.SpanBlock) {
	end := world.L2[last].Origin
	head := derive.SpanHead{
		RelativeTimestamp: world.L2[first].Header.Timestamp - FirstTime, L1OriginNumber: end.Number(),
	}
	copy(head.ParentCheck[:], world.L2[first].Header.ParentHash[:])
	copy(head.L1OriginCheck[:], end.Hash[:])
	var blocks []derive.SpanBlock
	for _, made := range world.L2[first : last+1] {
		blocks = append(blocks, derive.SpanBlock{
			IsOriginChanged: made.isFirst, Transactions: derive.NewTransactionList(made.Transactions...),
		})
	}

	return head, blocks
}

// EncodeSpan writes a span batch.
func (world *World) EncodeSpan(head derive.SpanHead, blocks []derive.SpanBlock) []byte {
	data, err := derive.EncodeSpan(head, blocks)
	if err != nil {
		world.t.Fatal(err)
	}

	return data
}

// Compress makes a channel of batches, with zlib.
func (world *World) Compress(batches ...[]byte) []byte {
	var target bytes.Buffer
	writer := zlib.NewWriter(&target)
	_, err := writer.Write(derive.NewTransactionList(batches...))
	if err == nil {
		err = writer.Close()
	}

	if err != nil {
		world.t.Fatal(err)
	}

	return target.Bytes()
}

// Frames cuts a channel into as many frames as wanted.
func (world *World) Frames(channel []byte, count int) []derive.Frame {
	id, size := world.channel(), (len(channel)+count-1)/count
	frames := make([]derive.Frame, count)
	for index := range frames {
		length := size
		if length > len(channel) {
			length = len(channel)
		}

		frames[index] = derive.Frame{
			Channel: id, Number: uint16(index), Data: channel[:length], IsLast: index == count-1,
		}
		channel = channel[length:]
	}

	return frames
}

// Post is a transaction of the batcher with these batches in a channel of one frame.
func (world *World) Post(batches ...[]byte) L1Transaction {
	return Calldata(Batcher, derive.EncodeFrames(world.Frames(world.Compress(batches...), 1)))
}

// source is the L2's state for the sequencer.
type source struct {
	world *World
}

func (source source) Node(hash keccak.Hash) []byte   { return source.get(hash) }
func (source source) Code(hash keccak.Hash) []byte   { return source.get(hash) }
func (source source) Header(hash keccak.Hash) []byte { return source.get(hash) }

func (source source) get(hash keccak.Hash) []byte {
	key := hash
	key[0] = 2
	data, found := source.world.Preimages[key]
	if !found {
		source.world.t.Fatalf("the made-up world lacks %x", hash)
	}

	return data
}
