package contract_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/digakit/digakit/contract"
)

// Around a whole Echo, the answers of its error handler are judged as well.
func TestAroundEcho(t *testing.T) {
	t.Parallel()
	e := echo.New()
	e.GET(keys, func(c echo.Context) error {
		if c.QueryParam("order") == "asc" {
			return echo.NewHTTPError(http.StatusBadRequest, "no")
		}
		return c.JSONBlob(http.StatusOK, page(1, 1))
	})
	for _, c := range []struct{ name, why, target, want string }{
		{"good", "passes", keys, "200 []"},
		{"error handler", "Echo's own envelope is not the documented one", keys + "?order=asc", "400 [undocumented_status]"},
		{"no route", "is not the document's either", "/nope", "404 [undocumented_path]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got string
			door := diga(t).Middleware(e, contract.Observe(func(x contract.Exchange) {
				kinds := []contract.Kind{}
				for _, v := range x.Violations {
					kinds = append(kinds, v.Kind)
				}
				got = fmt.Sprint(x.Status, " ", kinds)
			}))
			door.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", c.target, nil))
			if got != c.want {
				t.Errorf("%s: %s", c.why, got)
			}
		})
	}
}
