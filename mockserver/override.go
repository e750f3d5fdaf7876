package mockserver

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/engine"
)

const overridden = "override" // basis of an answer that an [Override] changed

// Override is what an operation answers in place of what it would. A Patch changes the
// answer that the operation gives, when that is a success, and its effect stays. A
// Status, or an Example, is answered in its place, and nothing is done. A Prefer header
// comes first. An answer that the document does not have is sent as a declared departure.
type Override struct {
	Operation string          // operationId, or METHOD and path as the document has them
	Patch     json.RawMessage // merge patch (RFC 7396) on the body: null deletes, except where there may be null; nil: none
	Status    int             // 200 to 599; 0: that of the success
	Example   string          // name of the document's example for the status; empty: the first, or what the mock makes up

	places map[string]string // where each field stands in a file, and "" the operation
}

// ParseOverrides reads overrides from YAML: a mapping from operations to what they
// answer. All mistakes are reported together, each with name, line, column and what to
// do. Whether they fit a document is for [New] to say.
//
//	list_agents:
//	  patch: {has_more: false}
//	GET /v1/call/{id}:
//	  status: 404
func ParseOverrides(name string, data []byte) ([]Override, error) {
	file := spec.ReadSettings(name, data, "write operations, and below each patch, status or example")
	var overrides []Override
	for _, operation := range file.All() {
		o := Override{Operation: operation.Key, places: map[string]string{"": operation.Position.String()}}
		if len(operation.Below()) == 0 {
			file.Mistake(operation, operation.Key+" has no answer", "write patch, status or example below it")
		}
		for _, field := range operation.Below() {
			o.places[field.Key] = field.Position.String()
			switch text, isText := field.Value.(string); field.Key {
			case "patch":
				o.Patch = plainJSON(field.Value)
			case "status":
				n, _ := field.Value.(json.Number)
				if status, err := strconv.Atoi(n.String()); err == nil && status >= 200 && status < 600 {
					o.Status = status
				} else {
					file.Mistake(field, "status is no status of an answer", "write 200 to 599")
				}
			case "example":
				if o.Example = text; !isText || text == "" {
					file.Mistake(field, "example is no name", "write that of one of the document's examples")
				}
			default:
				file.Mistake(field, "there is no field "+field.Key, "write patch, status or example")
			}
		}
		overrides = append(overrides, o)
	}
	if err := file.Err("mockserver: the overrides cannot be read"); err != nil {
		return nil, err
	}
	return overrides, nil
}

// overrides are those of a document's operations.
type overrides map[*contract.Operation]*Override

// overridesOf finds the operations. The error joins everything that does not fit the
// document.
func (a *api) overridesOf(list []Override) (overrides, error) {
	found := overrides{}
	var mistakes []error
	for _, o := range list {
		mistake := func(field, format string, args ...any) {
			message := fmt.Sprintf(format, args...)
			if place := o.places[field]; place != "" {
				message = place + ": " + message
			}
			mistakes = append(mistakes, errors.New(message))
		}
		i := slices.IndexFunc(a.validator.Operations(), func(op *contract.Operation) bool {
			return o.Operation != "" && (op.ID == o.Operation || op.Method+" "+op.Path == o.Operation)
		})
		if i < 0 {
			mistake("", "the document has no operation %s: write an operationId, or METHOD and path as the document has them", o.Operation)
			continue
		}
		op := a.validator.Operations()[i]
		status := cmp.Or(o.Status, a.lines[op].Answer.Status)
		response := documented(op, status)
		switch {
		case found[op] != nil:
			mistake("", "%s has an override already; leave one of them out", o.Operation)
		case o.Status != 0 && (o.Status < 200 || o.Status > 599):
			mistake("status", "%s: %d is no status of an answer; give 200 to 599", o.Operation, o.Status)
		case o.Patch != nil && !json.Valid(o.Patch):
			mistake("patch", "%s: the patch is no JSON", o.Operation)
		case o.Patch != nil && (status == http.StatusNoContent || status == http.StatusNotModified):
			mistake("patch", "%s: an answer %d has no body that could be patched; leave patch out", o.Operation, status)
		case o.Example != "" && (response == nil || answerFrom(response, status, o.Example) == nil):
			mistake("example", "%s documents no example %s for %d: it has %s", o.Operation, o.Example, status, cmp.Or(strings.Join(exampleNames(op), ", "), "none"))
		}
		found[op] = &o
	}
	if mistakes != nil {
		return nil, fmt.Errorf("mockserver: the overrides do not fit the document:\n%w", errors.Join(mistakes...))
	}
	return found, nil
}

// exampleNames lists what an operation documents, as `NAME for STATUS`.
func exampleNames(op *contract.Operation) (names []string) {
	for _, response := range op.Responses {
		for _, media := range response.Content {
			for _, e := range media.Examples {
				if e.Name != "" {
					names = append(names, e.Name+" for "+response.Status)
				}
			}
		}
	}
	return names
}

// SetOverrides replaces all overrides. On an error nothing changes.
func (s *Server) SetOverrides(list ...Override) error {
	found, err := s.api.overridesOf(list)
	if err == nil {
		s.overrides.Store(&found)
	}
	return err
}

// answerOverridden answers as an override says; own is what the operation answers
// without it.
func (s *Server) answerOverridden(w http.ResponseWriter, r *http.Request, x *exchange, o *Override, own http.HandlerFunc) {
	line := s.api.lines[x.operation]
	status := cmp.Or(o.Status, line.Answer.Status)
	made := httptest.NewRecorder()
	if o.Example == "" && status == line.Answer.Status {
		if own(made, r); made.Code != status { // a refusal stays what it is
			send(w, made)
			return
		}
	} else {
		picked, refused := preference{code: status, example: o.Example}.pick(x.operation, line.Answer.Status)
		if response := documented(x.operation, status); response != nil {
			s.addHeaders(made.Header(), response)
		} else {
			x.departure = fmt.Sprintf("override: %s documents no %d", x.operation.Name(), status)
			refused = &refusal{status: status, code: codeInternalServerError, message: http.StatusText(status)}
		}
		if picked != nil {
			picked.write(made)
		} else {
			s.writeRefusal(made, r, refused)
		}
	}
	if o.Patch != nil {
		schema := line.Answer.Schema
		if refusal := line.Refusal(strconv.Itoa(status)); refusal != nil && status >= http.StatusBadRequest {
			schema = refusal.Schema
		}
		plain, _ := spec.DecodeJSON(made.Body.Bytes()) // nothing of what is no JSON
		patch, _ := spec.DecodeJSON(o.Patch)           // it was read before
		body := plainJSON(engine.Merged(plain, patch, s.api.validator.Document().Schema(schema)))
		made.Body = bytes.NewBuffer(body)
		made.Header().Del("Content-Length")
		if !spec.IsJSON(made.Header().Get("Content-Type")) {
			made.Header().Set("Content-Type", "application/json")
		}
	}
	if broken := s.api.validator.Response(x.operation, made.Code, made.Header(), made.Body.Bytes()); len(broken) > 0 && x.departure == "" {
		x.departure = "override: " + broken[0].String()
	}
	x.declare(r.Context(), made.Header())
	x.basis = overridden
	made.Header().Set(basisHeader, overridden)
	send(w, made)
}

// send sends an answer that was kept back.
func send(w http.ResponseWriter, made *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), made.Header())
	w.WriteHeader(made.Code)
	_, _ = w.Write(made.Body.Bytes()) // a client that is gone cannot be told
}
