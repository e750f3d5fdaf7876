package mockserver

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/store"
)

// basisHeader tells what an answer rests on: see [plan.Basis].
const basisHeader = "Mock-Basis"

const handwritten = "handwritten" // basis of what a handler answers

// newEngine returns what answers the operations that have no handler.
func newEngine(a *api, c config) *engine.Engine {
	return engine.New(a.validator.Document(), a.plan, engine.Config{
		Rules:               a.rules,
		Items:               c.items,
		Fits:                func(s *spec.Schema, v any) bool { return s.Fits(v, a.validator.Fits) },
		Judge:               a.validator.Judge,
		Elsewhere:           a.keys,
		PageWins:            c.profile.PageWithCursor == PageWins,
		CursorWins:          c.profile.PageWithCursor == CursorWins,
		EmptyUnknownCursor:  c.profile.UnknownCursor == UnknownCursorEmpty,
		ResumeDeletedCursor: c.profile.DeletedCursor == DeletedCursorResume,
		NumberAlways:        c.profile.PageFields == PageFieldsAlways,
		OnePageWhenEmpty:    c.profile.EmptyList == EmptyListOne,
		InvalidWhenMissing:  c.profile.MissingItem == MissingItemInvalid,
		RefuseInUse:         c.profile.InUse == InUseRefuse,
	})
}

// keysName is what the store calls the collection of API keys: by another vendor's
// document what no collection of it is called.
func (a *api) keysName() string {
	for _, c := range a.plan.Collections {
		if a.keys(c) {
			return c.Name
		}
	}
	return "/_mock/api_keys"
}

// keys tells whether a collection is that of API keys, which projects have.
func (a *api) keys(c *plan.Collection) bool { return a.diga && c.Path == keysPath }

// answerPlanned answers a valid request as the plan of the document says.
func (s *Server) answerPlanned(w http.ResponseWriter, r *http.Request, x *exchange) {
	_, params, _ := contract.OperationFrom(r.Context())
	body, err := decodedBody(r)
	if err != nil {
		s.writeRefusal(w, r, invalidParameters([]contract.Violation{{
			Side: contract.SideRequest, Kind: contract.KindInvalidBody, In: "body", Keyword: "type", Message: "cannot be read: " + err.Error(),
		}}))
		return
	}
	if violations := s.readForm(x.operation, r.Header.Get("Content-Type"), body); violations != nil {
		x.violations = violations
		s.writeRefusal(w, r, invalidParameters(violations))
		return
	}
	address := *r.URL
	address.Scheme, address.Host, address.Path = "http", r.Host, s.prefix+address.Path
	if r.TLS != nil {
		address.Scheme = "https"
	}
	if address.RawPath != "" {
		address.RawPath = s.prefix + address.RawPath
	}
	request := engine.Request{
		Line: s.api.lines[x.operation], Path: params, Query: r.URL.Query(), URL: &address, Body: body, Now: x.project.Clock().Now(),
	}
	var answer engine.Response
	ofKeys := false
	if c := s.api.plan.Collection(request.Line.Collection); c != nil && s.api.keys(c) {
		ofKeys = true
		answer, err = s.answerKeys(x, request)
	} else {
		answer, err = s.engine.Answer(x.project.Items, request)
	}
	if err != nil {
		refused, ok := errors.AsType[*engine.Refusal](err)
		if errors.Is(err, store.ErrTooMany) {
			refused, ok = &engine.Refusal{Status: http.StatusConflict, Message: err.Error()}, true
		}
		if !ok {
			s.log.Error("no answer could be made", "operation", x.operation.Name(), "error", err)
			s.writeRefusal(w, r, errServer)
			return
		}
		refusal := &refusal{status: refused.Status, code: codeOf(refused.Status), message: refused.Message, example: refused.Example}
		if refused.Rule == "unknown_cursor" && ofKeys {
			refused.Message = "Parameter '" + refused.Parameter + "' must be the id of an API key of this project"
		}
		if refused.Rule != "" {
			refusal = invalidPagination(refused.Parameter, refused.Rule, refused.Message)
			switch v := &refusal.violations[0]; refused.Rule {
			case "missing_item":
				v.In = "path"
			case "key":
				v.In, v.Kind = "body", contract.KindInvalidBody
			}
		}
		x.violations = refusal.violations
		s.writeRefusal(w, r, refusal)
		return
	}
	if answer.Status == 0 {
		answer.Status, x.departure = http.StatusNoContent, x.operation.Name()+" documents no answer"
	}
	if int64(len(answer.Body)) > s.api.validator.MaxBody() {
		x.departure = "too large to be judged as a whole: each item was when it was written"
	}
	x.declare(r.Context(), w.Header())
	if response := documented(x.operation, answer.Status); response != nil {
		s.addHeaders(w.Header(), response)
	}
	if answer.Media != "" {
		w.Header().Set("Content-Type", answer.Media)
		w.Header().Set("Content-Length", strconv.Itoa(len(answer.Body)))
	}
	w.WriteHeader(answer.Status)
	_, _ = w.Write(answer.Body) // a client that is gone cannot be told
}

// readForm gives the texts of a form the types that the document gives them, and says
// what is wrong with it: the validator does not look into those of several parts.
func (s *Server) readForm(o *contract.Operation, contentType string, body any) []contract.Violation {
	form, isForm := body.(map[string]any)
	media, _, _ := mime.ParseMediaType(contentType)
	if !isForm || spec.IsJSON(media) || o.RequestBody == nil {
		return nil
	}
	judge := func(p *spec.Schema, v any) []contract.Violation {
		return s.api.validator.Judge(contract.SideRequest, p.Pointer, v)
	}
	for _, m := range o.RequestBody.Content {
		schema := s.api.validator.Document().Schema(spec.Join(m.Pointer, "schema"))
		documented, _, _ := mime.ParseMediaType(m.Name)
		if is, _ := path.Match(documented, media); !is || schema == nil {
			continue
		}
		for name, v := range form {
			text, is := v.(string)
			p := schema.Property(name)
			if !is || p == nil || judge(p, text) == nil {
				continue
			}
			if other, err := spec.DecodeJSON([]byte(text)); err == nil && judge(p, other) == nil {
				form[name] = other
			} else if list := []any{v}; judge(p, list) == nil {
				form[name] = list
			}
		}
		return judge(schema, form)
	}
	return nil
}

// decodedBody is the request's body as the engine takes it: JSON, or a form as an
// object of texts, files by their names.
func decodedBody(r *http.Request) (any, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		body, err = contract.Exchange{Request: r, RequestBody: body}.PlainRequestBody()
	}
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body)) // forms are read from it
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch media {
	case "multipart/form-data":
		if err := r.ParseMultipartForm(maxRecorded); err != nil { //nolint:gosec // the validator has bounded the body
			return nil, errors.New("no multipart form")
		}
		form := fields(r.MultipartForm.Value)
		for name, files := range r.MultipartForm.File {
			form[name] = files[0].Filename
		}
		return form, nil
	case "application/x-www-form-urlencoded":
		if err := r.ParseForm(); err != nil {
			return nil, errors.New("no form")
		}
		return fields(r.PostForm), nil
	}
	v, _ := spec.DecodeJSON(body) // another media type: nothing of it is kept
	return v, nil
}

func fields(values url.Values) map[string]any {
	form := map[string]any{}
	for name, all := range values {
		if len(all) == 1 {
			form[name] = all[0]
			continue
		}
		list := make([]any, len(all))
		for i, one := range all {
			list[i] = one
		}
		form[name] = list
	}
	return form
}

// linesOf finds the plan's line of each operation.
func linesOf(v *contract.Validator, p *plan.Plan) map[*contract.Operation]*plan.Line {
	lines := map[*contract.Operation]*plan.Line{}
	for _, op := range v.Operations() {
		if l := p.Line(op.Method, op.Path); l != nil {
			lines[op] = l
		}
	}
	return lines
}
