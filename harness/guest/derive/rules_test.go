package derive

import (
	"errors"
	"io"
	"testing"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
	"culverin/guest/testkit/wallet"
)

// A made-up rollup: blocks every 2 seconds from 1000 on; Isthmus from 5000, Jovian from 6000; L1 block n has the time
// 900 + 12·n and the hash n ‖ 0x11….
var rollup = &Rollup{
	Chain: &config.Chain{ID: 10, Times: [config.ForkCount]uint64{
		config.Isthmus: 5000, config.Jovian: 6000,
	}},
	BlockTime: 2, SequencingWindow: 10, Genesis: config.Genesis{Time: 1000},
	BlobSchedule: config.BlobSchedule{{Time: 1000, Fraction: 3_338_477}, {Time: 3000, Fraction: 5_007_716}},
}

func l1At(number uint64) L1Block {
	return L1Block{BlockID{Hash: keccak.Hash{byte(number >> 8), byte(number), 0x11, 31: 0x11}, Number: number}, 900 + 12*number}
}

func l2Hash(timestamp uint64) keccak.Hash {
	return keccak.Hash{byte(timestamp >> 8), byte(timestamp), 0x22, 31: 0x22}
}

func headAt(timestamp, origin uint64) *L2Head {
	return &L2Head{BlockID{Hash: l2Hash(timestamp), Number: (timestamp - 1000) / 2}, timestamp, l1At(origin), 0}
}

func next(number uint64) *L1Block {
	block := l1At(number)
	return &block
}

func TestCheckSingular(t *testing.T) {
	// The head has the time 2000 and the origin 91, whose time is 1992; that of the next is 2004.
	good := SingularBatch{ParentHash: l2Hash(2000), EpochNumber: 91, EpochHash: l1At(91).Hash, Timestamp: 2002}
	legacy := NewTransactionList([]byte{0xc0})
	for name, one := range map[string]struct {
		change    func(batch *SingularBatch)
		origin    uint64
		isUnknown bool
		inclusion uint64
		expected  Validity
	}{
		"good":                      {nil, 91, false, 92, Accept},
		"next unknown":              {nil, 91, true, 92, Accept},
		"with transactions":         {func(b *SingularBatch) { b.Transactions = legacy }, 91, false, 92, Accept},
		"a gap":                     {func(b *SingularBatch) { b.Timestamp = 2004 }, 91, false, 92, Drop},
		"the head's time":           {func(b *SingularBatch) { b.Timestamp = 2000 }, 91, false, 92, Past},
		"long ago, all else wrong":  {func(b *SingularBatch) { *b = SingularBatch{} }, 91, false, 99999, Past},
		"between two blocks":        {func(b *SingularBatch) { b.Timestamp = 2001 }, 91, false, 92, Drop},
		"other parent":              {func(b *SingularBatch) { b.ParentHash[31]++ }, 91, false, 92, Drop},
		"window's last block":       {nil, 91, false, 101, Accept},
		"window over":               {nil, 91, false, 102, Drop},
		"epoch of all ones":         {func(b *SingularBatch) { b.EpochNumber = 1<<64 - 1 }, 91, false, 92, Drop},
		"older origin":              {func(b *SingularBatch) { b.EpochNumber, b.EpochHash = 90, l1At(90).Hash }, 91, false, 92, Drop},
		"origin two ahead":          {func(b *SingularBatch) { b.EpochNumber, b.EpochHash = 93, l1At(93).Hash }, 91, false, 95, Drop},
		"origin's hash wrong":       {func(b *SingularBatch) { b.EpochHash[0]++ }, 91, false, 92, Drop},
		"next origin, too early":    {func(b *SingularBatch) { b.EpochNumber, b.EpochHash = 92, l1At(92).Hash }, 91, false, 95, Drop},
		"next origin":               {nil, 90, false, 92, Accept},
		"next origin unknown":       {nil, 90, true, 92, Undecided},
		"next origin's hash wrong":  {func(b *SingularBatch) { b.EpochHash = l1At(90).Hash }, 90, false, 92, Drop},
		"empty transaction":         {func(b *SingularBatch) { b.Transactions = NewTransactionList(nil) }, 91, false, 92, Drop},
		"deposit behind a good one": {func(b *SingularBatch) { b.Transactions = NewTransactionList([]byte{0xc0}, []byte{0x7e, 0xc0}) }, 91, false, 92, Drop},
		"types 1 and 2":             {func(b *SingularBatch) { b.Transactions = NewTransactionList([]byte{1, 0xc0}, []byte{2, 0xc0}) }, 91, false, 92, Accept},
		"type 3":                    {func(b *SingularBatch) { b.Transactions = NewTransactionList([]byte{3, 0xc0}) }, 91, false, 92, Drop},
		"type 4 before Isthmus":     {func(b *SingularBatch) { b.Transactions = NewTransactionList([]byte{4, 0xc0}) }, 91, false, 92, Drop},
		"type 5":                    {func(b *SingularBatch) { b.Transactions = NewTransactionList([]byte{5, 0xc0}) }, 91, false, 92, Drop},
		"a string's first byte":     {func(b *SingularBatch) { b.Transactions = NewTransactionList([]byte{0x80, 1}) }, 91, false, 92, Drop},
	} {
		batch := good
		if one.change != nil {
			one.change(&batch)
		}

		following := next(one.origin + 1)
		if one.isUnknown {
			following = nil
		}

		if found := rollup.CheckSingular(&batch, headAt(2000, one.origin), following, one.inclusion); found != one.expected {
			t.Errorf("%s: %v, expected %v", name, found, one.expected)
		}
	}
}

// TestDrift: 1,800 seconds behind its origin a block must be empty, and take the next origin if it can.
func TestDrift(t *testing.T) {
	origin := l1At(10)
	last := origin.Timestamp + SequencerDriftMax
	legacy := NewTransactionList([]byte{0xc0})
	for name, one := range map[string]struct {
		timestamp    uint64
		transactions TransactionList
		nextTime     uint64
		expected     Validity
	}{
		"at the limit":                     {last, legacy, last, Accept},
		"above it with transactions":       {last + 2, legacy, last + 100, Drop},
		"above it and empty":               {last + 2, nil, last + 100, Accept},
		"above it, the next is in reach":   {last + 2, nil, last + 2, Drop},
		"above it, the next is just not":   {last + 2, nil, last + 3, Accept},
		"above it, the next is not known":  {last + 2, nil, 0, Undecided},
		"at the limit, next is not known":  {last, nil, 0, Accept},
		"above it with some, next unknown": {last + 2, legacy, 0, Drop},
	} {
		head := &L2Head{BlockID{Hash: l2Hash(5), Number: 1}, one.timestamp - 2, origin, 0}
		batch := &SingularBatch{
			ParentHash: head.Hash, EpochNumber: 10, EpochHash: origin.Hash, Timestamp: one.timestamp,
			Transactions: one.transactions,
		}
		var following *L1Block
		if one.nextTime > 0 {
			following = &L1Block{l1At(11).BlockID, one.nextTime}
		}

		if found := rollup.CheckSingular(batch, head, following, 12); found != one.expected {
			t.Errorf("%s: %v, expected %v", name, found, one.expected)
		}
	}

	// A block that takes the next origin has done what it could, however old that is.
	old := &L1Block{l1At(11).BlockID, last - SequencerDriftMax}
	head := &L2Head{BlockID{Hash: l2Hash(5), Number: 1}, last, origin, 0}
	batch := &SingularBatch{ParentHash: head.Hash, EpochNumber: 11, EpochHash: old.Hash, Timestamp: last + 2}
	if found := rollup.CheckSingular(batch, head, old, 12); found != Accept {
		t.Errorf("next origin: %v", found)
	}
}

// TestForkBlocks: type 4 since Isthmus; no transactions in Jovian's first block.
func TestForkBlocks(t *testing.T) {
	for name, one := range map[string]struct {
		timestamp   uint64
		transaction []byte
		expected    Validity
	}{
		"before Isthmus":           {4998, []byte{4, 0xc0}, Drop},
		"Isthmus":                  {5000, []byte{4, 0xc0}, Accept},
		"before Jovian":            {5998, []byte{0xc0}, Accept},
		"Jovian's first block":     {6000, []byte{0xc0}, Drop},
		"Jovian's second":          {6002, []byte{0xc0}, Accept},
		"a blob transaction later": {6002, []byte{3, 0xc0}, Drop},
	} {
		origin := (one.timestamp - 900) / 12
		head := headAt(one.timestamp-2, origin)
		batch := &SingularBatch{
			ParentHash: head.Hash, EpochNumber: origin, EpochHash: l1At(origin).Hash, Timestamp: one.timestamp,
			Transactions: NewTransactionList(one.transaction),
		}
		if found := rollup.CheckSingular(batch, head, next(origin+1), origin+1); found != one.expected {
			t.Errorf("%s: %v, expected %v", name, found, one.expected)
		}
	}
}

// view knows L1 up to a number, and L2 up to a head.
func view(head *L2Head, known uint64) View {
	result := View{
		Head: head,
		ParentAt: func(timestamp uint64) (BlockID, bool, error) {
			isThere := timestamp >= 1000 && timestamp <= head.Timestamp && timestamp%2 == 0
			return BlockID{Hash: l2Hash(timestamp), Number: (timestamp - 1000) / 2}, isThere, nil
		},
		BlockAt: func(timestamp uint64) (DerivedBlock, error) {
			return DerivedBlock{OriginNumber: 91}, nil
		},
		OriginAt: func(number uint64) (L1Block, bool) { return l1At(number), number <= known },
	}
	if head.Origin.Number < known {
		result.Next = next(head.Origin.Number + 1)
	}

	return result
}

// spanOf makes a span batch that begins at a time, with one letter for a block: "o" has the origin before it, "x" the
// next one.
func spanOf(t *testing.T, start, lastOrigin uint64, blocks string, transactions TransactionList) []byte {
	t.Helper()
	head := SpanHead{
		RelativeTimestamp: start - 1000, L1OriginNumber: lastOrigin, ParentCheck: first20(hashOf(l2Hash(start - 2))),
		L1OriginCheck: first20(hashOf(l1At(lastOrigin).Hash)),
	}
	var all []SpanBlock
	for _, letter := range blocks {
		all = append(all, SpanBlock{IsOriginChanged: letter == 'x', Transactions: transactions})
	}

	data, err := EncodeSpan(head, all)
	if err != nil {
		t.Fatal(err)
	}

	return data
}

func hashOf(hash keccak.Hash) []byte {
	return hash[:]
}

func TestCheckSpan(t *testing.T) {
	for name, one := range map[string]struct {
		start    uint64
		blocks   string
		change   func(span *SpanBatch)
		expected Validity
	}{
		"follows the head":            {2002, "oo", nil, Accept},
		"overlaps":                    {1990, "ooooooo", nil, Accept},
		"a gap":                       {2004, "o", nil, Drop},
		"another block before":        {1990, "oooooxo", nil, Drop},
		"another origin before":       {1990, "ooooxoo", nil, Drop},
		"ends at the head":            {1996, "ooo", nil, Past},
		"past, all else wrong":        {1996, "ooo", func(span *SpanBatch) { span.ParentCheck[0]++; span.L1OriginCheck[0]++ }, Past},
		"between two blocks":          {2001, "oo", nil, Drop},
		"parent check":                {2002, "o", func(span *SpanBatch) { span.ParentCheck[19]++ }, Drop},
		"origin check":                {2002, "o", func(span *SpanBatch) { span.L1OriginCheck[19]++ }, Drop},
		"origin unknown":              {2002, "o", func(span *SpanBatch) { span.L1OriginNumber = 96 }, Drop},
		"time of all ones":            {2002, "o", func(span *SpanBatch) { span.RelativeTimestamp = 1<<64 - 1 }, Drop},
		"overlaps the genesis block":  {1000, string(make([]byte, 600)), nil, Drop},
		"begins right behind genesis": {1002, string(make([]byte, 600)), nil, Accept},
	} {
		_, span, _, err := DecodeBatch(spanOf(t, one.start, 91, one.blocks, nil))
		if err != nil {
			t.Fatal(err)
		}

		if one.change != nil {
			one.change(span)
		}

		all := view(headAt(2000, 91), 95)
		found, err := rollup.CheckSpan(span, &all)
		if err != nil || found != one.expected {
			t.Errorf("%s: %v, %v, expected %v", name, found, err, one.expected)
		}
	}
}

// TestOverlap: a block that is derived already must have the very transactions that the span batch says.
func TestOverlap(t *testing.T) {
	one, other := NewTransactionList([]byte{0xc0}), NewTransactionList([]byte{0xc0}, []byte{0xc0})
	for name, derived := range map[string]struct {
		transactions TransactionList
		failure      error
		expected     Validity
	}{
		"the same": {one, nil, Accept}, "none": {nil, nil, Drop}, "more": {other, nil, Drop},
		"not to be had": {one, errors.New("the disk is full"), Drop},
	} {
		_, span, _, err := DecodeBatch(spanOf(t, 1996, 91, "oooo", legacyTransfer(t)))
		if err != nil {
			t.Fatal(err)
		}

		all := view(headAt(2000, 91), 95)
		all.BlockAt = func(timestamp uint64) (DerivedBlock, error) {
			block := DerivedBlock{OriginNumber: 91, Transactions: legacyTransfer(t)}
			if timestamp == 2000 && name != "the same" {
				block.Transactions = derived.transactions
			}

			return block, derived.failure
		}
		if found, err := rollup.CheckSpan(span, &all); found != derived.expected || err != derived.failure {
			t.Errorf("%s: %v, %v", name, found, err)
		}
	}
}

// legacyTransfer is the transaction of a block in a span batch.
func legacyTransfer(t *testing.T) TransactionList {
	t.Helper()
	to := block.Address{1}
	transaction := wallet.Key(7).Sign(&block.Transaction{
		Type: block.DynamicFeeType, ChainID: 10, HasChainID: true, To: &to, GasLimit: 21_000,
	})
	return NewTransactionList(transaction.Encoded)
}

func TestEmptyBatch(t *testing.T) {
	for name, one := range map[string]struct {
		timestamp, position uint64
		isUnknown           bool
		expected            uint64
	}{
		"window open":                     {1992, 100, false, 0},
		"window over, origin repeated":    {1992, 101, false, 91},
		"next not known":                  {1992, 200, true, 0},
		"next origin, its window open":    {2002, 101, false, 0},
		"next origin, its window over":    {2002, 102, false, 92},
		"next origin in the past of next": {2004, 102, false, 92},
	} {
		head := headAt(one.timestamp, 91)
		following := next(92)
		if one.isUnknown {
			following = nil
		}

		batch := rollup.EmptyBatch(head, following, one.position)
		if one.expected == 0 {
			if batch != nil {
				t.Errorf("%s: %+v", name, batch)
			}

			continue
		}

		if batch == nil || batch.EpochNumber != one.expected || batch.EpochHash != l1At(one.expected).Hash ||
			batch.Timestamp != one.timestamp+2 || batch.ParentHash != head.Hash || len(batch.Transactions) > 0 {
			t.Errorf("%s: %+v", name, batch)
		}
	}
}

// derived runs a channel through the stage on a chain whose head follows what comes out; it returns the times.
func derived(t *testing.T, stage *BatchStage, head *L2Head, known, inclusion uint64, batches ...[]byte) (times []uint64) {
	t.Helper()
	reader, err := NewBatchReader(Channel{deflated(t, NewTransactionList(batches...))}, FjordChannels)
	if err != nil {
		t.Fatal(err)
	}

	stage.Open(reader, inclusion)
	for {
		batch := nextOf(t, stage, view(head, known))
		if batch == nil {
			return times
		}

		times = append(times, batch.Timestamp)
		head = headAt(batch.Timestamp, batch.EpochNumber)
	}
}

func nextOf(t *testing.T, stage *BatchStage, view View) *SingularBatch {
	t.Helper()
	batch, err := stage.Next(view)
	if err != nil {
		t.Fatal(err)
	}

	return batch
}

// TestStageTriesAgain: where the parent of a span batch cannot be found out, nothing is lost.
func TestStageTriesAgain(t *testing.T) {
	stage, failure := NewBatchStage(rollup), errors.New("the disk is full")
	reader, err := NewBatchReader(
		Channel{deflated(t, NewTransactionList(singular(2002, 91), spanOf(t, 2004, 92, "xo", nil)))}, FjordChannels)
	if err != nil {
		t.Fatal(err)
	}

	stage.Open(reader, 95)
	if batch := nextOf(t, stage, view(headAt(2000, 91), 95)); batch == nil || batch.Timestamp != 2002 {
		t.Fatalf("%+v", batch)
	}

	broken := view(headAt(2002, 91), 95)
	broken.ParentAt = func(uint64) (BlockID, bool, error) { return BlockID{}, false, failure }
	for try := 0; try < 2; try++ {
		if batch, err := stage.Next(broken); err != failure || batch != nil {
			t.Fatalf("%+v, %v", batch, err)
		}
	}

	if batch := nextOf(t, stage, view(headAt(2002, 91), 95)); batch == nil || batch.Timestamp != 2004 {
		t.Fatalf("%+v", batch)
	}
}

func singular(timestamp, origin uint64) []byte {
	batch := &SingularBatch{
		ParentHash: l2Hash(timestamp - 2), EpochNumber: origin, EpochHash: l1At(origin).Hash, Timestamp: timestamp,
	}
	return batch.Encode()
}

// TestBatchStage: a row for each rule of holocene/derivation.md, "Batch Queue" and "Span Batches".
func TestBatchStage(t *testing.T) {
	for name, one := range map[string]struct {
		batches  [][]byte
		expected []uint64
	}{
		"in order":                  {[][]byte{singular(2002, 91), singular(2004, 92)}, []uint64{2002, 2004}},
		"a gap ends the channel":    {[][]byte{singular(2004, 91), singular(2002, 91)}, nil},
		"past is left out":          {[][]byte{singular(1990, 90), singular(2000, 91), singular(2002, 91)}, []uint64{2002}},
		"invalid ends the channel":  {[][]byte{singular(2002, 91), singular(2004, 93), singular(2004, 92)}, []uint64{2002}},
		"malformed ends it":         {[][]byte{singular(2002, 91), {7}, singular(2004, 92)}, []uint64{2002}},
		"an empty one ends it":      {[][]byte{{}, singular(2002, 91)}, nil},
		"span":                      {[][]byte{spanOf(t, 2002, 92, "oxo", nil), singular(2008, 92)}, []uint64{2002, 2004, 2006, 2008}},
		"span that overlaps":        {[][]byte{spanOf(t, 1998, 92, "ooox", nil)}, []uint64{2002, 2004}},
		"past span is left out":     {[][]byte{spanOf(t, 1996, 91, "oo", nil), singular(2002, 91)}, []uint64{2002}},
		"invalid span ends it":      {[][]byte{spanOf(t, 2004, 92, "o", nil), singular(2002, 91)}, nil},
		"origin advances too early": {[][]byte{spanOf(t, 2002, 92, "xo", nil), singular(2002, 91)}, nil},
		"valid until it is not":     {[][]byte{spanOf(t, 2002, 93, "oxx", nil), singular(2006, 92)}, []uint64{2002, 2004}},
		"older origin, overlapping": {[][]byte{spanOf(t, 1998, 90, "oooo", nil), singular(2002, 91)}, nil},
	} {
		times := derived(t, NewBatchStage(rollup), headAt(2000, 91), 95, 95, one.batches...)
		if len(times) != len(one.expected) {
			t.Errorf("%s: %d, expected %d", name, times, one.expected)
			continue
		}

		for index := range times {
			if times[index] != one.expected[index] {
				t.Errorf("%s: %d, expected %d", name, times, one.expected)
			}
		}
	}
}

// TestStageWaitsAndGivesUp: a batch that needs the next L1 block waits for it; after an invalid block nothing is left.
func TestStageWaitsAndGivesUp(t *testing.T) {
	stage := NewBatchStage(rollup)
	if times := derived(t, stage, headAt(2002, 91), 91, 92, singular(2004, 92), singular(2006, 92)); times != nil {
		t.Fatalf("%d", times)
	}

	head := headAt(2002, 91)
	if batch := nextOf(t, stage, view(head, 91)); batch != nil {
		t.Fatalf("%+v", batch)
	}

	if batch := nextOf(t, stage, view(head, 92)); batch == nil || batch.Timestamp != 2004 {
		t.Fatalf("%+v", batch)
	}

	stage.GiveUp()
	if batch := nextOf(t, stage, view(headAt(2004, 92), 92)); batch != nil {
		t.Fatalf("%+v", batch)
	}

	if _, err := readAll(t, deflated(t, nil), FjordChannels); err != io.EOF {
		t.Errorf("an empty channel: %v", err)
	}
}
