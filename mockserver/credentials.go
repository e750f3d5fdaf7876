package mockserver

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
)

// require lets a request through only when its bearer key belongs to a project
// and has permission p. It comes before the parameters are looked at, so a
// denied key learns nothing about them.
func (s *Server) require(p gen.Permission) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			secret, ok := bearerToken(c.Request().Header)
			if !ok {
				return errNotAuthenticated
			}
			owner, key, ok := s.store.Authenticate(secret)
			if !ok {
				return errUnknownKey
			}
			if !key.Allows(p) {
				return errForbidden
			}
			c.SetRequest(c.Request().WithContext(withProject(c.Request().Context(), owner)))
			return next(c)
		}
	}
}

// bearerToken returns the credential of the one Authorization header. The
// scheme's case does not matter and one or more spaces may follow it (RFC 9110,
// section 11).
func bearerToken(h http.Header) (string, bool) {
	values := h.Values("Authorization")
	if len(values) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	token = strings.TrimLeft(token, " ")
	return token, ok && strings.EqualFold(scheme, "Bearer") && token != ""
}

type projectKey struct{}

func withProject(ctx context.Context, p *project.Project) context.Context {
	return context.WithValue(ctx, projectKey{}, p)
}

// projectFrom returns the project that the request's key belongs to.
func projectFrom(ctx context.Context) *project.Project {
	return ctx.Value(projectKey{}).(*project.Project)
}
