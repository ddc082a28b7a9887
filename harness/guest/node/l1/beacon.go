package l1

import (
	"context"
	"fmt"
	"strconv"
	"sync"

	"culverin/guest/derive"
	"culverin/guest/node/client"
	"culverin/guest/node/hexjson"
	"culverin/guest/pipeline"
)

// Verifier tells whether a blob has a versioned hash (EIP-4844). An error says that it cannot tell.
type Verifier interface {
	HasHash(blob []byte, versionedHash [32]byte) (bool, error)
}

// usualSlotSeconds is the time of a slot where a beacon node does not say it.
const usualSlotSeconds = 12

// Beacon asks a beacon node for blobs: by GET /eth/v1/beacon/blobs/{id} of the beacon APIs. It believes none: each blob
// is compared with its versioned hash.
type Beacon struct {
	node     *client.Client
	verifier Verifier
	byNumber bool

	mutex                    sync.Mutex
	genesisTime, slotSeconds uint64
}

// NewBeacon asks a node. With byNumber a block is named by its number, as local nodes without slots want it, and otherwise
// by its slot.
func NewBeacon(node *client.Client, verifier Verifier, byNumber bool) *Beacon {
	return &Beacon{node: node, verifier: verifier, byNumber: byNumber}
}

// Blob returns one blob of a block.
func (beacon *Beacon) Blob(ctx context.Context, of *pipeline.L1Block, blob pipeline.BlobID) ([]byte, error) {
	id, err := beacon.name(ctx, of)
	if err != nil {
		return nil, err
	}

	var answer struct {
		Data []hexjson.Bytes `json:"data"`
	}
	path := fmt.Sprintf("/eth/v1/beacon/blobs/%d?versioned_hashes=0x%x", id, blob.Hash)
	if err = beacon.node.Get(ctx, &answer, path); err != nil {
		return nil, err
	}

	for _, each := range answer.Data {
		if len(each) != derive.BlobBytes {
			continue
		}

		isRight, err := beacon.verifier.HasHash(each, blob.Hash)
		if err != nil {
			return nil, err
		}

		if isRight {
			return each, nil
		}
	}

	return nil, lying("the beacon node has no blob 0x%x of block %d", blob.Hash, of.Header.Number)
}

func (beacon *Beacon) name(ctx context.Context, of *pipeline.L1Block) (uint64, error) {
	if beacon.byNumber {
		return of.Header.Number, nil
	}

	beacon.mutex.Lock()
	defer beacon.mutex.Unlock()
	if beacon.slotSeconds == 0 {
		if err := beacon.learn(ctx); err != nil {
			return 0, err
		}
	}

	if of.Header.Timestamp < beacon.genesisTime {
		return 0, lying("the beacon chain began after block %d", of.Header.Number)
	}

	return (of.Header.Timestamp - beacon.genesisTime) / beacon.slotSeconds, nil
}

func (beacon *Beacon) learn(ctx context.Context) error {
	var genesis struct {
		Data struct {
			Time string `json:"genesis_time"`
		} `json:"data"`
	}
	if err := beacon.node.Get(ctx, &genesis, "/eth/v1/beacon/genesis"); err != nil {
		return err
	}

	time, err := strconv.ParseUint(genesis.Data.Time, 10, 64)
	if err != nil {
		return lying("the beacon node's genesis_time is no number")
	}

	seconds := uint64(usualSlotSeconds)
	var spec struct {
		Data map[string]interface{} `json:"data"`
	}
	if beacon.node.Get(ctx, &spec, "/eth/v1/config/spec") == nil {
		if text, isText := spec.Data["SECONDS_PER_SLOT"].(string); isText {
			if seconds, err = strconv.ParseUint(text, 10, 64); err != nil || seconds == 0 {
				return lying("the beacon node's SECONDS_PER_SLOT is no number")
			}
		}
	}

	beacon.genesisTime, beacon.slotSeconds = time, seconds
	return nil
}
