package reserved

import (
	"testing"
)

const rollupJSON = `{"genesis": {
	"l1": {"hash": "0x1100000000000000000000000000000000000000000000000000000000000011", "number": 7},
	"l2": {"hash": "0x2200000000000000000000000000000000000000000000000000000000000022", "number": 3},
	"l2_time": 1700000000, "system_config": {"batcherAddr": "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
	"scalar": "0x010000000000000000000000000000000000000000000000000c5fc500000558", "gasLimit": 60000000}},
	"block_time": 2, "seq_window_size": 3600, "l1_chain_id": 900, "l2_chain_id": 901,
	"canyon_time": 0, "ecotone_time": 0, "fjord_time": 0, "granite_time": 0, "holocene_time": 0,
	"batch_inbox_address": "0x00289c189bee4e70334629f04cd5ed602b6600eb",
	"deposit_contract_address": "0xb0f8000000000000000000000000000000000001",
	"l1_system_config_address": "0xc0f8000000000000000000000000000000000002"}`

func TestTheRoom(t *testing.T) {
	if rollup, err := Rollup(); rollup != nil || err != nil {
		t.Fatalf("the program's own room is not empty: %+v, %v", rollup, err)
	}

	room := New()
	if err := Write(room, []byte(rollupJSON), []byte(`{"chainId": 900, "cancunTime": 0}`)); err != nil {
		t.Fatal(err)
	}

	rollup, err := Read(room)
	if err != nil || rollup.Chain.ID != 901 || rollup.L1ChainID != 900 || len(rollup.BlobSchedule) != 1 {
		t.Fatalf("%+v, %v", rollup, err)
	}

	// Without an L1 that is known.
	if err = Write(room, []byte(rollupJSON), nil); err != nil {
		t.Fatal(err)
	}

	if rollup, err = Read(room); err == nil {
		t.Errorf("%+v", rollup)
	}
}

func TestRoomsThatAreNone(t *testing.T) {
	for name, change := range map[string]func(room []byte) []byte{
		"too short":            func(room []byte) []byte { return room[:Bytes-1] },
		"a length of all ones": func(room []byte) []byte { room[32], room[33], room[34], room[35] = 255, 255, 255, 255; return room },
		"two that wrap":        func(room []byte) []byte { room[32], room[36] = 0x80, 0x80; return room },
		"a byte too long":      func(room []byte) []byte { room[34], room[35] = (Bytes-40+1)>>8, (Bytes-40+1)&255; return room },
		"no JSON":              func(room []byte) []byte { room[35] = 5; return room },
		"L1's configuration":   func(room []byte) []byte { return filled(t, room, "[]") },
	} {
		if rollup, err := Read(change(New())); err == nil {
			t.Errorf("%s: %+v", name, rollup)
		}
	}

	if Write(New(), make([]byte, Bytes-39), nil) == nil || Write(New(), nil, nil) == nil {
		t.Error("what has no room is written")
	}
}

func filled(t *testing.T, room []byte, l1 string) []byte {
	t.Helper()
	if err := Write(room, []byte(rollupJSON), []byte(l1)); err != nil {
		t.Fatal(err)
	}

	return room
}
