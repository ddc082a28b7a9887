package rollupjson

import (
	"encoding/json"
	"os"
	"testing"
)

// readRegistry reads the stored Superchain registry, in whatever form a test wants of it. The test did not run where the
// fixtures are absent.
func readRegistry(t *testing.T, form interface{}) {
	data, err := os.ReadFile("../../../../../shared/fixtures/derivation/superchain-configs.json")
	if os.IsNotExist(err) {
		t.Skip("did not run: the folder ../shared/fixtures is not beside the repository")
	}

	if err != nil {
		t.Fatal(err)
	}

	if err = json.Unmarshal(data, form); err != nil {
		t.Fatal(err)
	}
}
