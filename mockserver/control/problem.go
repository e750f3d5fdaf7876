package control

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// problem is an answer that is a problem document (RFC 9457).
type problem struct {
	status int
	detail string
	errors []FieldError
}

func (p *problem) Error() string { return fmt.Sprintf("control: %d: %s", p.status, p.detail) }

// invalidBody says what is wrong with a field of the body.
func invalidBody(pointer string, err error) error {
	message := plain(err)
	return &problem{
		status: http.StatusUnprocessableEntity, detail: "body " + pointer + ": " + message,
		errors: []FieldError{{In: "body", Pointer: &pointer, Message: message}},
	}
}

// plain is an error's text without the name of its package.
func plain(err error) string {
	_, text, ok := strings.Cut(err.Error(), ": ")
	if !ok {
		return err.Error()
	}
	return text
}

// statusOf gives the errors that callers tell apart their status.
var statusOf = []struct {
	err    error
	status int
}{
	{server.ErrNoProject, http.StatusNotFound},
	{server.ErrNoFault, http.StatusNotFound},
	{server.ErrNoSnapshot, http.StatusNotFound},
	{store.ErrNoKey, http.StatusNotFound},
	{engine.ErrNoCollection, http.StatusNotFound},
	{engine.ErrNoItem, http.StatusNotFound},
	{store.ErrTaken, http.StatusConflict},
	{server.ErrNotAdministrator, http.StatusForbidden},
	{server.ErrJournalOnly, http.StatusConflict},
	{store.ErrNameTaken, http.StatusConflict},
	{store.ErrTooMany, http.StatusConflict},
	{store.ErrGone, http.StatusConflict},
	{fault.ErrFull, http.StatusConflict},
	{journal.ErrTooManySubscribers, http.StatusServiceUnavailable},
	{journal.ErrClosed, http.StatusNotFound},
}

// problemOf translates errors; one that it does not know is the server's own.
func problemOf(err error) (p *problem, ours bool) {
	if p, ok := errors.AsType[*problem](err); ok {
		return p, true
	}
	if spec, ok := errors.AsType[*fault.SpecError](err); ok {
		p := &problem{status: http.StatusUnprocessableEntity, detail: plain(err)}
		for _, wrong := range spec.Mistakes {
			pointer := "/" + strings.ReplaceAll(wrong.Field, ".", "/")
			p.errors = append(p.errors, FieldError{In: "body", Pointer: &pointer, Message: wrong.Rule + "; " + wrong.Remedy})
		}
		return p, true
	}
	if unbound, ok := errors.AsType[*echo.HTTPError](err); ok && unbound.Code == http.StatusBadRequest {
		// A parameter that is valid, and not what its Go type can hold.
		return &problem{status: http.StatusUnprocessableEntity, detail: fmt.Sprint(unbound.Message)}, true
	}
	for _, known := range statusOf {
		if errors.Is(err, known.err) {
			return &problem{status: known.status, detail: plain(err)}, true
		}
	}
	return &problem{status: http.StatusInternalServerError, detail: "the server failed; its log says why"}, false
}

// problemFrom words what the validator found in a request.
func problemFrom(status int, violations []contract.Violation) *problem {
	p := &problem{status: status}
	var lines []string
	for _, v := range violations {
		e := FieldError{In: v.In, Message: v.Message + "; " + v.HowToFix}
		place := v.In
		if v.Name != "" {
			e.Name = &v.Name
			place += " " + v.Name
		}
		if v.Pointer != "" {
			e.Pointer = &v.Pointer
			place += " " + v.Pointer
		}
		p.errors = append(p.errors, e)
		lines = append(lines, place+": "+v.Message)
	}
	p.detail = strings.Join(lines, "; ")
	return p
}

func (p *problem) write(w http.ResponseWriter, r *http.Request) {
	body := Problem{Type: "about:blank", Title: http.StatusText(p.status), Status: p.status, Detail: p.detail}
	if path := r.URL.Path; path != "" {
		body.Instance = &path
	}
	if len(p.errors) > 0 {
		body.Errors = &p.errors
	}
	contract.WriteProblem(w, p.status, body)
}
