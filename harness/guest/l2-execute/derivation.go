package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"culverin/guest/block"
	"culverin/guest/console"
	"culverin/guest/derive"
	"culverin/guest/keccak"
	"culverin/guest/secp256k1"
)

// channelReport is what `channel` prints about a file.
type channelReport struct {
	File        string             `json:"file"`
	Transaction *transactionReport `json:"transaction,omitempty"`
	Frames      []frameReport      `json:"frames,omitempty"`
	// FramesEncodedAgain tells whether the frames are written as the data that they were read from.
	FramesEncodedAgain *bool         `json:"frames_encoded_again,omitempty"`
	Channels           []channelPart `json:"channels,omitempty"`
	Error              string        `json:"error,omitempty"`
}

type transactionReport struct {
	Hash          string `json:"hash"`
	Type          byte   `json:"type"`
	From          string `json:"from"`
	To            string `json:"to"`
	CalldataBytes int    `json:"calldata_bytes"`
	EncodedAgain  bool   `json:"encoded_again"`
}

type frameReport struct {
	ChannelID string `json:"channel_id"`
	Number    uint16 `json:"frame_number"`
	Bytes     int    `json:"data_bytes"`
	IsLast    bool   `json:"is_last"`
}

// channelPart is one channel of a file.
type channelPart struct {
	ChannelID   string `json:"channel_id,omitempty"`
	IsComplete  bool   `json:"complete"`
	Compression string `json:"compression,omitempty"`
	Bytes       int    `json:"bytes"`
	contentReport
}

// batchFileReport is what `batch` prints about a file.
type batchFileReport struct {
	File string `json:"file"`
	contentReport
}

// contentReport is about what a channel holds decompressed.
type contentReport struct {
	Decompressed int           `json:"decompressed,omitempty"`
	SHA256       string        `json:"sha256,omitempty"`
	Batches      []batchReport `json:"batches,omitempty"`
	// EncodedAgain tells whether all of it is written as what it was read from.
	EncodedAgain bool   `json:"encoded_again"`
	Error        string `json:"error,omitempty"`
}

// batchReport has the fields of either kind of batch; those of the other kind are left out.
type batchReport struct {
	Version           int            `json:"version"`
	Bytes             int            `json:"bytes"`
	RelativeTimestamp *uint64        `json:"rel_timestamp,omitempty"`
	L1OriginNumber    *uint64        `json:"l1_origin_num,omitempty"`
	ParentCheck       string         `json:"parent_check,omitempty"`
	L1OriginCheck     string         `json:"l1_origin_check,omitempty"`
	ParentHash        string         `json:"parent_hash,omitempty"`
	EpochNumber       *uint64        `json:"epoch_number,omitempty"`
	EpochHash         string         `json:"epoch_hash,omitempty"`
	Timestamp         *uint64        `json:"timestamp,omitempty"`
	Blocks            int            `json:"blocks"`
	OriginChanges     *int           `json:"origin_changes,omitempty"`
	Transactions      int            `json:"txs"`
	Types             map[string]int `json:"types"`
	Creations         int            `json:"creations"`
	Protected         int            `json:"protected"`
	// Recovered is how many signatures are some account's, Malformed how many transactions are none.
	Recovered int `json:"signatures_recovered"`
	Malformed int `json:"malformed_txs"`
	// Unread is how many bytes stand behind the batch; they count for nothing.
	Unread       int  `json:"unread_bytes"`
	EncodedAgain bool `json:"encoded_again"`
}

func runReaders(verb string, arguments []string, files *console.Files, output, complaints io.Writer) int {
	id := "10"
	paths, problem := split(arguments, map[string]*string{"--chain-id": &id})
	chainID, err := strconv.ParseUint(id, 10, 64)
	if problem == "" && err != nil {
		problem = "--chain-id needs a number"
	}

	if problem != "" {
		fmt.Fprintf(complaints, "l2-execute %s: %s\n", verb, problem)
		return exitUnknown
	}

	worst := exitRight
	for _, path := range paths {
		code, report := readFile(verb, path, files, chainID)
		if code > worst {
			worst = code
		}

		line, err := json.Marshal(report)
		if err != nil {
			panic(err)
		}

		fmt.Fprintf(output, "%s\n", line)
	}

	return worst
}

// readFile reads one file, of bytes or of digits.
func readFile(verb, path string, files *console.Files, chainID uint64) (code int, report interface{}) {
	data, err := files.Read(path)
	if err != nil {
		return exitUnknown, channelReport{File: path, Error: err.Error()}
	}

	digits := bytes.TrimPrefix(bytes.TrimSpace(data), []byte("0x"))
	decoded := make([]byte, len(digits)/2)
	if _, err := hex.Decode(decoded, digits); err == nil && len(digits) > 0 {
		data = decoded
	}

	if verb == "batch" {
		content := reportContent(data, chainID)
		return content.code(), batchFileReport{path, content}
	}

	return reportChannels(path, data, chainID)
}

// reportChannels takes a signed transaction, a batcher transaction's data, or one channel.
func reportChannels(path string, data []byte, chainID uint64) (code int, report channelReport) {
	report.File = path
	if transaction, err := block.Decode(data); err == nil {
		report.Transaction = reportTransaction(transaction, data)
		data = transaction.Data
		if len(data) == 0 || data[0] != 0 {
			report.Error = "the transaction's data are no frames"
			return exitWrong, report
		}
	}

	if len(data) == 0 || data[0] != 0 {
		part := reportChannel(derive.Channel{data}, chainID)
		part.IsComplete = true
		report.Channels = []channelPart{part}
		return part.code(), report
	}

	frames, err := derive.DecodeFrames(data)
	if err != nil {
		report.Error = err.Error()
		return exitWrong, report
	}

	isSame := bytes.Equal(derive.EncodeFrames(frames), data)
	report.FramesEncodedAgain = &isSame
	channels := map[derive.ChannelID]derive.Channel{}
	for _, frame := range frames {
		report.Frames = append(report.Frames,
			frameReport{hex.EncodeToString(frame.Channel[:]), frame.Number, len(frame.Data), frame.IsLast})
		if int(frame.Number) != len(channels[frame.Channel]) {
			report.Error = "a frame is out of order"
			return exitWrong, report
		}

		channels[frame.Channel] = append(channels[frame.Channel], frame.Data)
		if !frame.IsLast {
			continue
		}

		part := reportChannel(channels[frame.Channel], chainID)
		part.ChannelID, part.IsComplete = hex.EncodeToString(frame.Channel[:]), true
		report.Channels = append(report.Channels, part)
		delete(channels, frame.Channel)
		if part.code() > code {
			code = part.code()
		}
	}

	for id, channel := range channels {
		report.Channels = append(report.Channels, channelPart{ChannelID: hex.EncodeToString(id[:]), Bytes: lengthOf(channel)})
	}

	return code, report
}

func reportTransaction(transaction *block.Transaction, data []byte) *transactionReport {
	report := &transactionReport{
		Hash: hexOf(keccakOf(data)), Type: transaction.Type, CalldataBytes: len(transaction.Data),
		EncodedAgain: bytes.Equal(transaction.Encode(), data),
	}
	if transaction.To != nil {
		report.To = hexOf(transaction.To[:])
	}

	signer, isSigned := secp256k1.Recover(
		transaction.SigningHash, transaction.R[:], transaction.S[:], transaction.IsOddY)
	if isSigned {
		report.From = hexOf(signer[:])
	}

	return report
}

func keccakOf(data []byte) []byte {
	hash := keccak.Sum(data)
	return hash[:]
}

func hexOf(data []byte) string {
	return "0x" + hex.EncodeToString(data)
}

func lengthOf(channel derive.Channel) (length int) {
	for _, piece := range channel {
		length += len(piece)
	}

	return length
}

// reportChannel decompresses a channel; by its length alone nothing tells when it was posted, so Fjord's rules hold.
func reportChannel(channel derive.Channel, chainID uint64) channelPart {
	part := channelPart{Bytes: lengthOf(channel)}
	reader, err := derive.NewBatchReader(channel, derive.FjordChannels)
	if err != nil {
		part.fail(err)
		return part
	}

	part.Compression = "zlib"
	if kind, _ := derive.CompressionOf(firstOf(channel)); kind == derive.Brotli {
		part.Compression = "brotli"
	}

	var content []byte
	for {
		batch, err := reader.Next()
		if err == io.EOF {
			break
		}

		if err != nil {
			part.fail(err)
			break
		}

		content = append(content, derive.NewTransactionList(batch)...)
	}

	failure := part.Error
	part.contentReport = reportContent(content, chainID)
	if failure != "" {
		part.Error, part.EncodedAgain = failure, false
	}

	return part
}

func firstOf(channel derive.Channel) byte {
	for _, piece := range channel {
		if len(piece) > 0 {
			return piece[0]
		}
	}

	return 0
}

func (report *contentReport) fail(err error) {
	report.Error = err.Error()
	report.EncodedAgain = false
}

// code is wrong where something is malformed, unknown where this build cannot tell.
func (report *contentReport) code() int {
	switch {
	case report.Error == derive.ErrNoBrotli.Error():
		return exitUnknown
	case report.Error != "" || !report.EncodedAgain:
		return exitWrong
	}

	return exitRight
}

// reportContent reads a batch, version byte first, or the RLP strings of a channel.
func reportContent(content []byte, chainID uint64) contentReport {
	sum := sha256.Sum256(content)
	report := contentReport{Decompressed: len(content), SHA256: hex.EncodeToString(sum[:]), EncodedAgain: true}
	batches := [][]byte{content}
	if len(content) > 0 && content[0] >= 0x80 {
		list, err := derive.DecodeBatchStrings(content)
		batches = list
		if err != nil {
			report.fail(err)
		}
	}

	for _, batch := range batches {
		each, err := reportBatch(batch, chainID)
		if err != nil {
			report.fail(err)
			return report
		}

		report.EncodedAgain = report.EncodedAgain && each.EncodedAgain
		report.Batches = append(report.Batches, each)
	}

	if len(report.Batches) == 0 && report.Error == "" {
		report.fail(errors.New("there is no batch"))
	}

	return report
}
