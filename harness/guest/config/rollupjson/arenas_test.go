package rollupjson

import (
	"fmt"
	"os"
	"reflect"
	"testing"

	"culverin/guest/config"
)

// TestArenas compares what is built in with the files that deployments are compared with (tests/Harness/Arenas).
func TestArenas(t *testing.T) {
	for _, id := range []uint64{config.ArenaID, config.SlowArenaID} {
		data, err := os.ReadFile(fmt.Sprintf("../arenas/%d.json", id))
		if err != nil {
			t.Fatal(err)
		}

		want, err := ParseRollup(data, []byte(`{"chainId": 900, "cancunTime": 0, "pragueTime": 0}`))
		if err != nil {
			t.Fatal(err)
		}

		found, isKnown := config.RollupByID(id)
		if !isKnown || !reflect.DeepEqual(found, want) {
			t.Errorf("%d: %+v (%+v) instead of %+v (%+v)", id, found, found.Chain, want, want.Chain)
		}
	}
}
