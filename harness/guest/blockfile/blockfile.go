// Package blockfile reads a block with everything that executing it needs from one JSON file: what a node says about the
// parent, the payload attributes, the configuration and the pre-images. It is for native programs and tests.
package blockfile

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"

	"culverin/guest/block"
	"culverin/guest/blockclaim"
	"culverin/guest/config"
	"culverin/guest/config/rollupjson"
	"culverin/guest/keccak"
	"culverin/guest/node/forms"
	"culverin/guest/node/hexjson"
)

// File is a block to execute.
type File struct {
	// Chain is the configuration that the file brings.
	Chain *config.Chain
	// Parent is the header that the block is built on.
	Parent *block.Header
	// Attributes say what the block is made of.
	Attributes *block.Attributes
	// Expected is the hash that the block has.
	Expected keccak.Hash
	// Preimages holds the pre-images by their keccak256 hash.
	Preimages map[keccak.Hash][]byte
}

// Read reads a file.
func Read(path string) (*File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}

	file, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}

	return file, nil
}

// Parse reads a file's content. Nothing is taken for zero: a field that is missing, null or of another form is an error
// that names it. Which fields a block has is decided by the forks of rollup_config.
func Parse(data []byte) (*File, error) {
	var form struct {
		Config     json.RawMessage `json:"rollup_config"`
		Parent     json.RawMessage `json:"parent_header"`
		Attributes attributesForm  `json:"executing_payload"`
		Expected   hexjson.Hash    `json:"expected_block_hash"`
		Preimages  []hexjson.Bytes `json:"preimages"`
	}
	if err := hexjson.ReadStrictly(data, &form, ""); err != nil {
		return nil, err
	}

	parent, err := readParent(form.Parent)
	if err != nil {
		return nil, err
	}

	// Of rollup_config the chain's id must be there; a fork that it does not name never comes.
	var named struct {
		ChainID uint64 `json:"l2_chain_id"`
	}
	if err = hexjson.ReadStrictly(form.Config, &named, "rollup_config"); err != nil {
		return nil, err
	}

	chain, err := rollupjson.Parse(form.Config)
	if err != nil {
		return nil, fmt.Errorf("rollup_config: %w", err)
	}

	file := &File{
		Chain: chain, Parent: parent, Attributes: form.Attributes.attributes(),
		Expected: keccak.Hash(form.Expected), Preimages: map[keccak.Hash][]byte{},
	}
	if err = file.checkForks(); err != nil {
		return nil, err
	}

	for _, each := range form.Preimages {
		file.Preimages[keccak.Sum(each)] = each
	}

	return file, nil
}

// readParent reads a header as nodes give it. Its hash may be left out; where it is there, it must be the header's.
func readParent(data []byte) (*block.Header, error) {
	const place, hash = "parent_header", "hash"
	var form forms.Header
	var named struct {
		Hash *hexjson.Hash `json:"hash"`
	}
	if err := hexjson.ReadStrictly(data, &form, place, hash); err != nil {
		return nil, err
	}

	if err := hexjson.ReadStrictly(data, &named, place); err != nil {
		return nil, err
	}

	parent := form.Read()
	if own := parent.Hash(); named.Hash != nil && keccak.Hash(*named.Hash) != own {
		return nil, fmt.Errorf("%s.%s is 0x%x, the header's is 0x%x", place, hash, *named.Hash, own)
	}

	return parent, nil
}

// checkForks compares the fields that only some forks have with the rules of the times of the block and its parent.
// Where those are not implemented, execution says so.
func (file *File) checkForks() error {
	if rules, err := file.Chain.Rules(file.Parent.Timestamp); err == nil {
		const name = "parent_header.requestsHash"
		switch {
		case rules.Isthmus && !file.Parent.HasRequests:
			return missing(name, config.Isthmus)
		case !rules.Isthmus && file.Parent.HasRequests:
			return fmt.Errorf("%s is there: blocks have it since %s", name, config.Isthmus)
		}
	}

	// Attributes that a fork does not have make no block; that is execution's to judge.
	rules, err := file.Chain.Rules(file.Attributes.Timestamp)
	switch {
	case err != nil:
	case rules.Holocene && !file.Attributes.HasFeeParameters:
		return missing("executing_payload.eip1559Params", config.Holocene)
	case rules.Jovian && !file.Attributes.HasMinBaseFee:
		return missing("executing_payload.minBaseFee", config.Jovian)
	}

	return nil
}

func missing(name string, since config.Fork) error {
	return fmt.Errorf("%s is missing: blocks have it since %s", name, since)
}

// Boot returns all pre-images by their keys, with those that start the block program (see package blockclaim).
func (file *File) Boot() map[[32]byte][]byte {
	all := map[[32]byte][]byte{}
	add := func(data []byte) keccak.Hash {
		key := keccak.Sum(data)
		hash := key
		key[0] = 2
		all[key] = data
		return hash
	}
	for _, each := range file.Preimages {
		add(each)
	}

	local := func(index byte, value []byte) { all[[32]byte{0: 1, 31: index}] = value }
	parent, attributes := add(file.Parent.Encode()), add(file.Attributes.Encode())
	local(blockclaim.ParentKey, parent[:])
	local(blockclaim.AttributesKey, attributes[:])
	local(blockclaim.ClaimKey, file.Expected[:])
	local(blockclaim.ChainKey, binary.BigEndian.AppendUint64(nil, file.Chain.ID))
	return all
}

// attributesForm is the Engine API's. What is a pointer is there by forks.
type attributesForm struct {
	Timestamp        hexjson.Quantity  `json:"timestamp"`
	PrevRandao       hexjson.Hash      `json:"prevRandao"`
	FeeRecipient     hexjson.Address   `json:"suggestedFeeRecipient"`
	ParentBeaconRoot hexjson.Hash      `json:"parentBeaconBlockRoot"`
	GasLimit         hexjson.Quantity  `json:"gasLimit"`
	FeeParameters    *hexjson.Octets   `json:"eip1559Params"`
	MinBaseFee       *hexjson.Quantity `json:"minBaseFee"`
	Transactions     []hexjson.Bytes   `json:"transactions"`
}

func (form *attributesForm) attributes() *block.Attributes {
	attributes := &block.Attributes{
		Timestamp: uint64(form.Timestamp), PrevRandao: form.PrevRandao, FeeRecipient: block.Address(form.FeeRecipient),
		ParentBeaconRoot: form.ParentBeaconRoot, GasLimit: uint64(form.GasLimit),
	}
	if form.FeeParameters != nil {
		attributes.HasFeeParameters, attributes.FeeParameters = true, *form.FeeParameters
	}

	if form.MinBaseFee != nil {
		attributes.HasMinBaseFee, attributes.MinBaseFee = true, uint64(*form.MinBaseFee)
	}

	for _, transaction := range form.Transactions {
		attributes.Transactions = append(attributes.Transactions, transaction)
	}

	return attributes
}
