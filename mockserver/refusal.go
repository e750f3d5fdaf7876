package mockserver

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// Error codes of the envelope. The first two stand in the examples of Diga's
// spec; the others are assumed.
const (
	codeInternalServerError = "INTERNAL_SERVER_ERROR"
	codeInvalidPagination   = "INVALID_PAGINATION_PARAMETERS"
	codeNotFound            = "NOT_FOUND"
	codeMethodNotAllowed    = "METHOD_NOT_ALLOWED"
)

// refusal is an answer in the documented error envelope.
type refusal struct {
	status  int
	code    string
	message string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("mockserver: %d %s: %s", r.status, r.code, r.message)
}

// What Diga's spec documents, word for word where it has an example: 403 is its
// only refusal of a credential, with this surprising error code.
var (
	errNotAuthenticated = &refusal{http.StatusForbidden, codeInternalServerError, "Not authenticated"}
	errUnknownKey       = &refusal{http.StatusForbidden, codeInternalServerError, "Invalid API key"}
	errForbidden        = &refusal{http.StatusForbidden, codeInternalServerError, "Missing required permissions"}
	errBothCursors      = invalidPagination("Cannot specify both 'before' and 'after' parameters")
	errPageWithCursor   = invalidPagination("Cannot specify 'page' together with 'before' or 'after'")
	errUnknownCursor    = invalidPagination("No API key with the id given as cursor")
	errServer           = &refusal{http.StatusInternalServerError, codeInternalServerError, "Error: Internal Server Error"}
	errNotFound         = &refusal{http.StatusNotFound, codeNotFound, "Not Found"}
	errMethodNotAllowed = &refusal{http.StatusMethodNotAllowed, codeMethodNotAllowed, "Method Not Allowed"}
)

func invalidPagination(message string) *refusal {
	return &refusal{http.StatusUnprocessableEntity, codeInvalidPagination, message}
}

// refusalOf translates the errors of Echo, of the domain and of a handler.
func refusalOf(err error) *refusal {
	if r, ok := errors.AsType[*refusal](err); ok {
		return r
	}
	switch {
	case errors.Is(err, project.ErrBothCursors):
		return errBothCursors
	case errors.Is(err, project.ErrPageWithCursor):
		return errPageWithCursor
	case errors.Is(err, project.ErrUnknownCursor):
		return errUnknownCursor
	case errors.Is(err, echo.ErrNotFound):
		return errNotFound
	case errors.Is(err, echo.ErrMethodNotAllowed):
		return errMethodNotAllowed
	}
	return errServer
}

// refuse is the one place that turns errors into answers.
func (s *Server) refuse(c echo.Context, err error) {
	if c.Response().Committed {
		return
	}
	r := refusalOf(err)
	switch r {
	case errNotFound:
		if s.redirectToSlash(c) {
			return
		}
	case errServer:
		slog.Error("internal error", "method", c.Request().Method, "path", c.Request().URL.Path, "error", err)
	}
	status := "error"
	body := gen.ErrorResponse{Status: &status, ErrorCode: r.code, Message: r.message}
	if err := c.JSON(r.status, body); err != nil {
		slog.Warn("answer not sent", "error", err)
	}
}

// redirectToSlash sends a request for a known path without its final slash to
// the path as documented, query kept. The target is built from the route, never
// from the request, so that it cannot lead to another host.
func (s *Server) redirectToSlash(c echo.Context) bool {
	target := c.Request().URL.Path + "/"
	for _, route := range s.echo.Routes() {
		if route.Path != target {
			continue
		}
		if q := c.Request().URL.RawQuery; q != "" {
			target += "?" + q
		}
		return c.Redirect(http.StatusTemporaryRedirect, target) == nil
	}
	return false
}

// recoverPanics turns a panic in a handler into the documented 500.
func recoverPanics(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch p := recover(); p {
			case nil:
			case http.ErrAbortHandler:
				panic(p)
			default:
				err = fmt.Errorf("mockserver: panic: %v", p)
			}
		}()
		return next(c)
	}
}
