// Package agent offers a running mock to coding agents, as tools of the Model Context
// Protocol: the control API and the operations of the document served, and the checks of
// digakit. Answers are small unless more is asked for.
package agent

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver/control"
	"github.com/digakit/digakit/mockserver/server"
)

// Config says which mock the tools are for.
type Config struct {
	URL     string // of the mock, without a prefix of the API
	Token   string // that its control API wants; empty: none
	Key     string // that operations are called with when a call names no other
	Version string // of the program
	// Load reads a document: a file, an address, or REV:path in git.
	Load func(ctx context.Context, source string) (*spec.Loaded, error)
}

// mock is the mock with what is known of it from the start.
type mock struct {
	Config
	control   *control.Client
	http      *http.Client
	prefix    string // of all paths of the API
	api       string // URL with it
	document  *spec.Document
	validator *contract.Validator
	caller    *suite.Caller
	project   string // that tools are about when a call names no other

	mu        sync.Mutex
	snapshots map[string]server.Snapshot // by the name they were taken under
}

// answerTimeout bounds one answer of the mock, a fault's delay included.
const answerTimeout = time.Minute

// New asks the mock what it serves and returns a server of tools for it.
func New(ctx context.Context, c Config) (*mcp.Server, error) {
	m := &mock{Config: c, http: &http.Client{Timeout: answerTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, snapshots: map[string]server.Snapshot{}}
	var err error
	m.control, err = control.NewClient(c.URL, control.WithHTTPClient(m.http), control.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		if c.Token != "" {
			r.Header.Set("Authorization", "Bearer "+c.Token)
		}
		return nil
	}))
	if err != nil {
		return nil, err
	}
	health, err := asked[control.Health](m.control.GetHealth(ctx))
	if err != nil {
		return nil, err
	}
	if health.Prefix != nil {
		m.prefix = strings.TrimSuffix(*health.Prefix, "/")
	}
	m.api = strings.TrimSuffix(c.URL, "/") + m.prefix
	text, err := asked[json.RawMessage](m.control.GetOpenAPI(ctx))
	if err != nil {
		return nil, err
	}
	if m.document, err = spec.Parse(text); err != nil {
		return nil, err
	}
	if m.validator, err = contract.For(m.document); err != nil {
		return nil, err
	}
	m.caller = suite.NewCaller(m.validator)
	all, err := asked[control.ListProjects200JSONResponse](m.control.ListProjects(ctx))
	if err != nil {
		return nil, err
	}
	m.project = "demo"
	if len(all.Projects) > 0 {
		m.project = all.Projects[0].Name
	}
	title, _ := m.document.Lookup("/info/title")
	s := mcp.NewServer(&mcp.Implementation{Name: "digakit", Title: "digakit", Version: c.Version}, &mcp.ServerOptions{
		Capabilities: &mcp.ServerCapabilities{},
		Instructions: fmt.Sprintf(`A stateful mock of %v (%d operations) listens on %s. Let the program under test call it there, with the key %s or one of its own.
When it is refused, explain_violations says what is wrong with its requests and how to mend them. plan and describe_operation say what the API has, call_operation calls it, and the tools about items set any state.
Tools are about project %q unless they are given another; create_project makes one that shares nothing with others. Answers are short: limit, offset and max_bytes ask for more.`,
			title, len(m.validator.Operations()), m.api, c.Key, m.project),
	})
	m.addOperations(s)
	m.addItems(s)
	m.addProjects(s)
	m.addRequests(s)
	m.addChecks(s)
	return s, nil
}

// effect is what a tool does to the mock, and whether it reaches others.
type effect int

const (
	reads    effect = 1 << iota // nothing
	adds                        // what was there stays
	destroys                    // what was there may be changed or gone
	outside                     // it may ask other servers
)

// add adds a tool. Its schemas are those of In and Out; what it takes and gives as raw
// JSON may be any value.
func add[In, Out any](s *mcp.Server, name string, does effect, about string, f func(context.Context, In) (Out, error)) {
	opts := &jsonschema.ForOptions{TypeSchemas: map[reflect.Type]*jsonschema.Schema{reflect.TypeFor[json.RawMessage](): {}, reflect.TypeFor[uuid.UUID](): {Type: "string"}}}
	in, err := jsonschema.For[In](opts)
	if err != nil {
		panic(err) // of a type of this package
	}
	out, err := jsonschema.For[Out](opts)
	if err != nil {
		panic(err)
	}
	destructive, open := does&destroys != 0, does&outside != 0
	mcp.AddTool(s, &mcp.Tool{
		Name: name, Description: about, InputSchema: in, OutputSchema: out,
		Annotations: &mcp.ToolAnnotations{ReadOnlyHint: does&reads != 0, DestructiveHint: &destructive, OpenWorldHint: &open},
	}, func(ctx context.Context, _ *mcp.CallToolRequest, in In) (*mcp.CallToolResult, Out, error) {
		out, err := f(ctx, in)
		return nil, out, err
	})
}

// done is the answer of a tool that has nothing to show.
type done struct {
	Done string `json:"done" jsonschema:"what was done"`
}

// asked decodes what the control API answered. A problem that it tells is the error.
func asked[T any](resp *http.Response, err error) (T, error) {
	var answer T
	if err != nil {
		return answer, fmt.Errorf("the mock does not answer: %w; is it running? `digakit mock` starts one", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer, fmt.Errorf("the mock's answer broke off: %w", err)
	}
	if resp.StatusCode < http.StatusMultipleChoices {
		if len(text) > 0 {
			err = json.Unmarshal(text, &answer)
		}
		return answer, err
	}
	var problem control.Problem
	if json.Unmarshal(text, &problem) != nil || problem.Detail == "" {
		return answer, fmt.Errorf("%s %s is answered %s: this is no mock of digakit; give the address of one", resp.Request.Method, resp.Request.URL, resp.Status)
	}
	return answer, fmt.Errorf("%s%s", problem.Detail, map[int]string{
		http.StatusNotFound:     "; list_projects, list_collections, list_items and list_faults tell what there is",
		http.StatusUnauthorized: "; give digakit mcp the --token of the mock",
	}[resp.StatusCode])
}

// of is the project that a tool is about.
func (m *mock) of(given string) string { return cmp.Or(given, m.project) }

// given is nil for a zero value.
func given[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}

// orElse is a number that is given, or what stands for none.
func orElse(given, usual int) int {
	if given <= 0 {
		return usual
	}
	return given
}
