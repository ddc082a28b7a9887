package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"culverin/guest/oracle"
)

func testServer(complaints *[]string) *Server {
	server := New(func(method string, err error) {
		if complaints != nil {
			*complaints = append(*complaints, method+": "+err.Error())
		}
	})
	server.Register("add", func(_ context.Context, parameters Parameters) (interface{}, error) {
		var left, right int
		if err := parameters.Read(1, &left, &right); err != nil {
			return nil, err
		}

		return left + right, nil
	})
	server.Register("fail", func(context.Context, Parameters) (interface{}, error) { return nil, errors.New("secret") })
	server.Register("lack", func(context.Context, Parameters) (interface{}, error) {
		oracle.Fail("secret")
		return nil, nil
	})
	server.Register("break", func(context.Context, Parameters) (interface{}, error) {
		var nothing []int
		return nothing[len(nothing)], nil
	})
	server.Register("revert", func(context.Context, Parameters) (interface{}, error) {
		return nil, &Error{CodeReverted, "execution reverted", "0x01"}
	})
	server.Register("long", func(context.Context, Parameters) (interface{}, error) {
		return strings.Repeat("x", answerBytesMax), nil
	})
	return server
}

func TestAnswers(t *testing.T) {
	const head = `{"jsonrpc":"2.0","id":`
	for question, want := range map[string]string{
		head + `1,"method":"add","params":[1,2]}`:                                                      head + `1,"result":3}`,
		head + `"a","method":"add","params":[1]}`:                                                      head + `"a","result":1}`,
		head + `null,"method":"add","params":[1,null]}`:                                                head + `null,"result":1}`,
		`{"jsonrpc":"2.0","method":"add","params":[1,2]}`:                                              ``,
		`[` + head + `1,"method":"add","params":[1,2]},{"jsonrpc":"2.0","method":"add","params":[1]}]`: `[` + head + `1,"result":3}]`,
		head + `1,"method":"revert"}`:                                                                  head + `1,"error":{"code":3,"message":"execution reverted","data":"0x01"}}`,
	} {
		if found := string(testServer(nil).Answer(context.Background(), []byte(question))); found != want {
			t.Errorf("%s: %s", question, found)
		}
	}
}

func TestRefusals(t *testing.T) {
	call := func(rest string) string { return `{"jsonrpc":"2.0","id":7,` + rest + `}` }
	for question, code := range map[string]int{
		``:                        CodeParse,
		`{`:                       CodeParse,
		`[1`:                      CodeParse,
		`[]`:                      CodeInvalidRequest,
		`1`:                       CodeInvalidRequest,
		`"x"`:                     CodeInvalidRequest,
		`{}`:                      CodeInvalidRequest,
		`{"id":7,"method":"add"}`: CodeInvalidRequest,
		call(`"method":1`):        CodeInvalidRequest,
		call(`"method":"none"`):   CodeNoMethod,
		call(`"method":"add"`):    CodeParameters,
		call(`"method":"add","params":{"left":1}`):                CodeParameters,
		call(`"method":"add","params":[null]`):                    CodeParameters,
		call(`"method":"add","params":["x"]`):                     CodeParameters,
		call(`"method":"add","params":[1,2,3]`):                   CodeParameters,
		call(`"method":"add","params":[99999999999999999999]`):    CodeParameters,
		call(`"method":"fail"`):                                   CodeInternal,
		call(`"method":"lack"`):                                   CodeInternal,
		call(`"method":"break"`):                                  CodeInternal,
		`{"jsonrpc":"2.0","id":{},"method":"add"}`:                CodeInvalidRequest,
		strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000): CodeParse,
		`[` + strings.Repeat(`1,`, batchMax) + `1]`:               CodeLimit,
	} {
		var complaints []string
		var answer struct {
			Error *Error `json:"error"`
		}
		said := testServer(&complaints).Answer(context.Background(), []byte(question))
		if err := json.Unmarshal(said, &answer); err != nil || answer.Error == nil || answer.Error.Code != code {
			t.Errorf("%.60s: %.200s", question, said)
		}

		if strings.Contains(string(said), "secret") || (code == CodeInternal) != (len(complaints) == 1) {
			t.Errorf("%s: %s, complaints %v", question, said, complaints)
		}
	}
}

func TestALongBatchIsCutOff(t *testing.T) {
	const one = `{"jsonrpc":"2.0","id":1,"method":"long"}`
	said := testServer(nil).Answer(context.Background(), []byte("["+one+","+one+","+one+"]"))
	var answers []struct{ Error *Error }
	if err := json.Unmarshal(said, &answers); err != nil || len(answers) != 3 || answers[0].Error != nil ||
		answers[1].Error.Code != CodeLimit || answers[2].Error.Code != CodeLimit || len(said) > answerBytesMax+1000 {
		t.Errorf("%d bytes, %v", len(said), err)
	}
}

func TestOverHTTP(t *testing.T) {
	server := httptest.NewServer(testServer(nil))
	defer server.Close()
	question := `{"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]}`
	for _, one := range []struct {
		method, body string
		status       int
	}{
		{http.MethodPost, question, http.StatusOK},
		{http.MethodGet, "", http.StatusMethodNotAllowed},
		{http.MethodPut, question, http.StatusMethodNotAllowed},
		{http.MethodPost, strings.Repeat(" ", bodyBytesMax+1), http.StatusRequestEntityTooLarge},
		{http.MethodPost, `{"jsonrpc":"2.0","method":"add","params":[1,2]}`, http.StatusNoContent},
	} {
		asked, _ := http.NewRequest(one.method, server.URL, strings.NewReader(one.body))
		response, err := http.DefaultClient.Do(asked)
		if err != nil {
			t.Fatal(err)
		}

		_ = response.Body.Close()
		if response.StatusCode != one.status {
			t.Errorf("%s %.40s: %s", one.method, one.body, response.Status)
		}
	}
}

// FuzzAnswer: whatever is asked, the answer is JSON-RPC, or nothing for notifications.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"jsonrpc":"2.0","id":1,"method":"add","params":[1,2]}`, `[{}]`, `[[]]`, `{"id":[]}`} {
		f.Add([]byte(seed))
	}

	server := testServer(nil)
	f.Fuzz(func(t *testing.T, question []byte) {
		said := server.Answer(context.Background(), question)
		if said == nil {
			return
		}

		var many []response
		var one response
		if errMany, errOne := json.Unmarshal(said, &many), json.Unmarshal(said, &one); errMany != nil && errOne != nil {
			t.Fatalf("%q: %q", question, said)
		}

		for _, each := range append(many, one) {
			if each.Error != nil && each.Error.Code == 0 {
				t.Fatalf("%q: %q", question, said)
			}
		}
	})
}
