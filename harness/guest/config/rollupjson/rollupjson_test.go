package rollupjson

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"culverin/guest/config"
)

func TestBuiltInChainsEqualTheRegistry(t *testing.T) {
	var registry struct {
		Superchains []struct {
			Chains []struct {
				ID    uint64                     `json:"l2_chain_id"`
				Forks map[string]json.RawMessage `json:"hardfork_configuration"`
				Fees  json.RawMessage            `json:"optimism"`
			} `json:"chains"`
		} `json:"superchains"`
	}
	readRegistry(t, &registry)

	compared, parsed := 0, 0
	for _, superchain := range registry.Superchains {
		for _, each := range superchain.Chains {
			// The registry has its own form; the names inside are those of a rollup.json.
			fields := each.Forks
			fields["l2_chain_id"], _ = json.Marshal(each.ID)
			fields["chain_op_config"] = each.Fees
			form, _ := json.Marshal(fields)
			chain, err := Parse(form)
			if err != nil {
				t.Errorf("%d: %v", each.ID, err)
				continue
			}

			parsed++
			if builtIn, found := config.ByID(each.ID); found {
				compared++
				// The stored registry is older than the forks that are not implemented.
				chain.Unimplemented = builtIn.Unimplemented
				if !reflect.DeepEqual(chain, builtIn) {
					t.Errorf("%d: %+v, the registry says %+v", each.ID, builtIn, chain)
				}
			}
		}
	}

	if compared != 2 || parsed < 10 {
		t.Errorf("%d chains were read, %d compared", parsed, compared)
	}
}

func TestForksOfAnotherNameAreKept(t *testing.T) {
	chain, err := Parse([]byte(`{"l2_chain_id": 901, "block_time": 2, "genesis": {"l2_time": 3}, "canyon_time": 0,
		"delta_time": 0, "ecotone_time": 0, "fjord_time": 0, "granite_time": 0, "holocene_time": 0, "isthmus_time": 50,
		"interop_time": 100, "karst_time": 70, "jovian_time": null}`))
	if err != nil {
		t.Fatal(err)
	}

	want := config.Chain{
		ID:         901,
		Times:      [config.ForkCount]uint64{config.Isthmus: 50, config.Jovian: config.Never},
		Elasticity: 6, Denominator: 50, DenominatorCanyon: 250,
		Unimplemented: []config.Scheduled{{Name: "karst", Time: 70}, {Name: "interop", Time: 100}},
	}
	if !reflect.DeepEqual(*chain, want) {
		t.Errorf("%+v", chain)
	}
}

func TestRefusesWhatNoProgramCanRunBy(t *testing.T) {
	for form, problem := range map[string]string{
		`[]`:                    "cannot unmarshal",
		`{}`:                    "l2_chain_id is missing",
		`{"l2_chain_id": "10"}`: "l2_chain_id",
		`{"l2_chain_id": 10, "canyon_time": 5, "ecotone_time": 4}`:             "ecotone is scheduled before canyon",
		`{"l2_chain_id": 10, "fjord_time": -1}`:                                "fjord_time",
		`{"l2_chain_id": 10, "chain_op_config": {"eip1559Elasticity": 0}}`:     "zero",
		`{"l2_chain_id": 10, "chain_op_config": {"eip1559Elasticity": "six"}}`: "chain_op_config",
	} {
		if _, err := Parse([]byte(form)); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%s: %v", form, err)
		}
	}
}
