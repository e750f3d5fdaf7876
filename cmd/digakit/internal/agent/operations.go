package agent

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
)

type planIn struct {
	Search string `json:"search,omitempty" jsonschema:"words that id, path, summary or purpose have, such as: create agent"`
	Limit  int    `json:"limit,omitempty" jsonschema:"operations at most; 20 when left out"`
	Offset int    `json:"offset,omitempty" jsonschema:"operations to leave out at the beginning"`
}

type planned struct {
	Operation string `json:"operation" jsonschema:"its id, or method and path"`
	Request   string `json:"request" jsonschema:"method and path"`
	Plan      string `json:"plan" jsonschema:"what it is for, such as list agent; sampled: a made-up answer"`
	Summary   string `json:"summary,omitempty"`
}

type planOut struct {
	Operations []planned `json:"operations"`
	Total      int       `json:"total"`
	Hint       string    `json:"hint,omitempty"`
}

type operationIn struct {
	Operation string `json:"operation" jsonschema:"id, or method and path: GET /v1/call/"`
}

type field struct {
	Name        string `json:"name"`
	In          string `json:"in" jsonschema:"path, query, header, cookie or body"`
	Required    bool   `json:"required,omitempty"`
	Values      string `json:"values"`
	Description string `json:"description,omitempty"`
}

type operationOut struct {
	planned
	Reason  string            `json:"reason" jsonschema:"of the plan"`
	Takes   []field           `json:"takes" jsonschema:"parameters, and properties of the body"`
	Media   string            `json:"media,omitempty" jsonschema:"media type of the body"`
	Example any               `json:"example,omitempty" jsonschema:"the smallest valid body"`
	Answers map[string]string `json:"answers" jsonschema:"what each status means"`
}

type callIn struct {
	Operation  string                     `json:"operation" jsonschema:"id, method and path as documented, or as sent: GET /v1/call/?limit=2"`
	Parameters map[string]json.RawMessage `json:"parameters,omitempty" jsonschema:"by name, of path, query, header and cookie"`
	Body       json.RawMessage            `json:"body,omitempty" jsonschema:"JSON; of a form an object"`
	Key        *string                    `json:"key,omitempty" jsonschema:"secret to call with; left out: an unrestricted one; empty: none"`
	Headers    map[string]string          `json:"headers,omitempty" jsonschema:"others, such as Prefer: code=404"`
	MaxBytes   int                        `json:"max_bytes,omitempty" jsonschema:"of the answer's body; 8000 when left out"`
}

type violation struct {
	Where    string `json:"where"`
	Message  string `json:"message"`
	HowToFix string `json:"how_to_fix"`
	Takes    string `json:"takes,omitempty" jsonschema:"what the document allows there"`
}

type callOut struct {
	Request    string          `json:"request"`
	Status     int             `json:"status"`
	Basis      string          `json:"basis,omitempty" jsonschema:"what the answer rests on"`
	Body       json.RawMessage `json:"body,omitempty" jsonschema:"of the answer; text where it is no JSON or is cut"`
	Violations []violation     `json:"violations,omitempty" jsonschema:"what of the request breaks the document"`
	Hint       string          `json:"hint,omitempty"`
}

func (m *mock) addOperations(s *mcp.Server) {
	add(s, "plan", reads, "List the operations of the API and what each is for. Search for what you need.", m.plan)
	add(s, "describe_operation", reads, "Tell an operation's parameters, its body with a valid example, and its answers.", m.describe)
	add(s, "call_operation", destroys, "Call an operation of the API, as the program under test would. Also sends a request as the journal has it.", m.call)
}

func (m *mock) plan(ctx context.Context, in planIn) (planOut, error) {
	all, err := asked[plan.Plan](m.control.GetPlan(ctx))
	out := planOut{Operations: []planned{}}
	words := strings.Fields(strings.ToLower(in.Search))
	for _, l := range all.Lines {
		one := m.planned(l)
		text := strings.ToLower(strings.Join([]string{one.Operation, one.Request, one.Plan, one.Summary}, " "))
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			continue
		}
		if out.Total++; out.Total > in.Offset && len(out.Operations) < orElse(in.Limit, 20) {
			out.Operations = append(out.Operations, one)
		}
	}
	if next := in.Offset + len(out.Operations); next < out.Total {
		out.Hint = fmt.Sprintf("%d more: ask with offset %d, or search", out.Total-next, next)
	}
	return out, err
}

func (m *mock) planned(l *plan.Line) planned {
	one := planned{Operation: l.Name(), Request: l.Method + " " + l.Path, Plan: l.Text()}
	if o, err := m.operation(one.Request); err == nil {
		one.Summary = o.Summary
	}
	return one
}

// operation finds one by its id, or by its method and path.
func (m *mock) operation(name string) (*contract.Operation, error) {
	all := m.validator.Operations()
	if i := slices.IndexFunc(all, func(o *contract.Operation) bool { return o.ID == name || o.Method+" "+o.Path == name }); i >= 0 {
		return all[i], nil
	}
	apart := func(o *contract.Operation) int {
		return levenshtein.ComputeDistance(strings.ToLower(o.Name()), strings.ToLower(name))
	}
	near := slices.MinFunc(all, func(a, b *contract.Operation) int { return apart(a) - apart(b) })
	return nil, fmt.Errorf("there is no operation %q; the nearest is %s, and the tool plan lists all", name, near.Name())
}

func (m *mock) describe(ctx context.Context, in operationIn) (operationOut, error) {
	out := operationOut{Takes: []field{}, Answers: map[string]string{}}
	o, err := m.operation(in.Operation)
	if err != nil {
		return out, err
	}
	all, err := asked[plan.Plan](m.control.GetPlan(ctx))
	if l := all.Line(o.Method, o.Path); l != nil {
		out.planned, out.Reason = m.planned(l), l.Reason
	}
	for _, p := range o.Parameters {
		described, _ := m.document.Lookup(spec.Join(p.Pointer, "description"))
		text, _ := described.(string)
		out.Takes = append(out.Takes, field{p.Name, p.In, p.Required, values(m.document.Schema(spec.Join(p.Pointer, "schema"))), cut(text, maxWords)})
	}
	for _, r := range o.Responses {
		out.Answers[r.Status] = cut(r.Description, maxWords)
	}
	if o.RequestBody == nil || len(o.RequestBody.Content) == 0 {
		return out, err
	}
	if s := m.document.Schema(spec.Join(o.RequestBody.Content[0].Pointer, "schema")); s != nil {
		for _, p := range s.AllProperties() {
			if !p.Schema.ReadOnly {
				out.Takes = append(out.Takes, field{p.Name, "body", p.Required, values(p.Schema), cut(p.Schema.Description, maxWords)})
			}
		}
	}
	out.Example, out.Media = m.caller.Example(o)
	return out, err
}

const (
	maxWords = 200 // bytes of a description
	maxEnum  = 20  // values shown of an enum
)

// values says in few words what a schema takes.
func values(s *spec.Schema) string {
	if s == nil {
		return "any"
	}
	words := []string{strings.Join(s.Types, " or ")}
	add := func(when bool, format string, args ...any) {
		if when {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	if slices.Contains(s.Types, "array") {
		add(true, "of %s", values(s.Items()))
	}
	add(s.Format != "", "%s", s.Format)
	if s.Enum != nil {
		add(true, "one of %v", s.Enum[:min(len(s.Enum), maxEnum)])
		add(len(s.Enum) > maxEnum, "and %d more", len(s.Enum)-maxEnum)
	}
	if s.Minimum != nil {
		add(true, "%s %s", map[bool]string{false: ">=", true: ">"}[s.Minimum.Exclusive], s.Minimum.Number)
	}
	if s.Maximum != nil {
		add(true, "%s %s", map[bool]string{false: "<=", true: "<"}[s.Maximum.Exclusive], s.Maximum.Number)
	}
	add(s.MinLength > 0, "at least %d characters", s.MinLength)
	add(s.MaxLength >= 0, "at most %d characters", s.MaxLength)
	add(s.Patterns != nil, "like %s", strings.Join(s.Patterns, " and "))
	add(s.Nullable, "or null")
	if s.Default != nil {
		add(true, "default %v", *s.Default)
	}
	return strings.TrimPrefix(strings.Join(words, ", "), ", ")
}

func (m *mock) call(ctx context.Context, in callIn) (callOut, error) {
	r, o, body, err := m.request(in)
	if err != nil {
		return callOut{}, err
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	for name, value := range in.Headers {
		r.Header.Set(name, value)
	}
	key, out := m.Key, callOut{Request: r.Method + " " + r.URL.RequestURI()}
	if in.Key != nil {
		key = *in.Key
	}
	if o != nil {
		out.Violations = m.inShort(m.validator.Request(o, r, body))
	}
	if o != nil && key != "" {
		o.Authenticate(r, key)
	}
	if r.URL, err = url.Parse(m.api + r.URL.RequestURI()); err != nil {
		return out, fmt.Errorf("%q makes no request: %w", in.Operation, err)
	}
	resp, err := m.http.Do(r.WithContext(ctx))
	if err != nil {
		return out, fmt.Errorf("no answer: %w; list_faults tells whether a fault did it", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return out, fmt.Errorf("the answer, %s, broke off: %w; list_faults tells whether a fault did it", resp.Status, err)
	}
	out.Status, out.Basis, out.Body = resp.StatusCode, resp.Header.Get("Mock-Basis"), bounded(text, orElse(in.MaxBytes, 8000))
	switch {
	case out.Status == http.StatusUnauthorized || out.Status == http.StatusForbidden:
		out.Hint = "leave key out for an unrestricted one, or make one with create_key or create_project"
	case len(out.Violations) > 0:
		out.Hint = "mend the violations; describe_operation tells what the operation takes, with an example"
	case out.Status >= 300 && out.Status < 400:
		out.Hint = "it leads to " + resp.Header.Get("Location")
	case len(out.Body) < len(text):
		out.Hint = fmt.Sprintf("%d bytes are cut: ask for less, or with max_bytes", len(text))
	}
	return out, nil
}

// request makes a request below the prefix of the API, without its key. Where the path is
// none of the document's there is no operation.
func (m *mock) request(in callIn) (r *http.Request, o *contract.Operation, body []byte, err error) {
	if method, target, sent := strings.Cut(in.Operation, " "); sent && strings.HasPrefix(target, "/") && !strings.Contains(target, "{") && len(in.Parameters) == 0 {
		if r, err = http.NewRequest(method, strings.TrimPrefix(target, m.prefix), nil); err != nil { //nolint:noctx // call gives it one
			return nil, nil, nil, fmt.Errorf("%q is no request: %w", in.Operation, err)
		}
		if o, _, _ = m.validator.Route(method, r.URL.EscapedPath()); len(in.Body) > 0 {
			r.Header.Set("Content-Type", "application/json")
		}
		return r, o, in.Body, nil
	}
	if o, err = m.operation(in.Operation); err != nil {
		return nil, nil, nil, err
	}
	parameters := map[string]any{}
	for name, text := range in.Parameters {
		if parameters[name], err = spec.DecodeJSON(text); err != nil {
			return nil, nil, nil, err
		}
	}
	var value any
	if len(in.Body) > 0 {
		if value, err = spec.DecodeJSON(in.Body); err != nil {
			return nil, nil, nil, err
		}
	}
	r, body, err = m.caller.Request(o, parameters, value)
	return r, o, body, err
}

// bounded is text, of JSON or not, as JSON of about so many bytes at most.
func bounded(text []byte, most int) json.RawMessage {
	if len(text) <= most && (len(text) == 0 || json.Valid(text)) {
		return text
	}
	quoted, _ := spec.EncodeJSON(cut(string(text), most)) // a string
	return quoted
}

// cut is the beginning of a text that is longer than so many bytes.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// inShort are violations with what the document allows in their places.
func (m *mock) inShort(violations []contract.Violation) []violation {
	var list []violation
	for _, v := range violations {
		one := violation{strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s", v.Side, v.In, v.Name, v.Pointer)), " "), v.Message, v.HowToFix, ""}
		if o, err := m.operation(v.Operation); err == nil && v.Side == contract.SideRequest {
			if s := m.schemaAt(o, v); s != nil {
				one.Takes = values(s)
			}
		}
		list = append(list, one)
	}
	return list
}

// schemaAt is that of the place of a violation in a request; nil where it is not known, or
// is a whole body.
func (m *mock) schemaAt(o *contract.Operation, v contract.Violation) *spec.Schema {
	for _, p := range o.Parameters {
		if p.In == v.In && p.Name == v.Name && v.Pointer == "" {
			return m.document.Schema(spec.Join(p.Pointer, "schema"))
		}
	}
	if v.In != "body" || v.Pointer == "" || o.RequestBody == nil || len(o.RequestBody.Content) == 0 {
		return nil
	}
	s := m.document.Schema(spec.Join(o.RequestBody.Content[0].Pointer, "schema"))
	for _, token := range spec.Tokens(v.Pointer) {
		if s != nil {
			s = cmp.Or(s.Property(token), s.Items())
		}
	}
	return s
}
