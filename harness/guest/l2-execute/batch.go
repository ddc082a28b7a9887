package main

import (
	"bytes"
	"strconv"

	"culverin/guest/block"
	"culverin/guest/derive"
	"culverin/guest/secp256k1"
)

// reportBatch reads one batch, version byte first.
func reportBatch(data []byte, chainID uint64) (batchReport, error) {
	singular, span, rest, err := derive.DecodeBatch(data)
	if err != nil {
		return batchReport{}, err
	}

	report := batchReport{
		Version: int(data[0]), Bytes: len(data) - len(rest), Unread: len(rest), Types: map[string]int{"0": 0, "1": 0, "2": 0},
	}
	var written []byte
	if singular != nil {
		report.ParentHash, report.EpochHash = hexOf(singular.ParentHash[:]), hexOf(singular.EpochHash[:])
		report.EpochNumber, report.Timestamp, report.Blocks = &singular.EpochNumber, &singular.Timestamp, 1
		report.count(singular.Transactions)
		written = singular.Encode()
	} else {
		changes := span.OriginChanges()
		report.RelativeTimestamp, report.L1OriginNumber = &span.RelativeTimestamp, &span.L1OriginNumber
		report.ParentCheck, report.L1OriginCheck = hexOf(span.ParentCheck[:]), hexOf(span.L1OriginCheck[:])
		report.OriginChanges = &changes
		blocks := span.Blocks(chainID)
		for each, found := blocks.Next(); found; each, found = blocks.Next() {
			report.Blocks++
			report.count(each.Transactions)
		}

		if written, err = span.Encode(chainID); err != nil {
			written = nil
		}
	}

	report.EncodedAgain = bytes.Equal(written, data[:report.Bytes])
	return report, nil
}

// count adds the transactions of one block.
func (report *batchReport) count(list derive.TransactionList) {
	list.Each(func(encoded []byte) bool {
		report.Transactions++
		transaction, err := block.Decode(encoded)
		if err != nil {
			report.Malformed++
			return true
		}

		report.Types[strconv.Itoa(int(transaction.Type))]++
		if transaction.To == nil {
			report.Creations++
		}

		if transaction.Type == block.LegacyType && transaction.HasChainID {
			report.Protected++
		}

		if _, isSigned := secp256k1.Recover(
			transaction.SigningHash, transaction.R[:], transaction.S[:], transaction.IsOddY); isSigned {
			report.Recovered++
		}

		return true
	})
}
