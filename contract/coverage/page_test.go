package coverage_test

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/coverage"
)

func page(t *testing.T, c *coverage.Coverage) string {
	t.Helper()
	r := c.Report()
	var b strings.Builder
	if err := r.WriteHTML(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// text is what a reader sees of a page, its tags apart. Along the way it checks that
// every element that is opened is closed.
func text(t *testing.T, page string) string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	var b strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return strings.Join(strings.Fields(b.String()), " ")
		}
		if err != nil {
			line, column := d.InputPos()
			t.Fatalf("line %d, column %d: %v", line, column, err)
		}
		switch token := token.(type) {
		case xml.CharData:
			b.Write(token)
		case xml.EndElement:
			b.WriteByte(' ')
		}
	}
}

func TestWriteHTML(t *testing.T) {
	t.Parallel()
	v := validator(t, document(small, `{}`))
	c := coverage.New(v)
	if got := text(t, page(t, c)); !strings.Contains(got, "Nothing was exercised") {
		t.Error("the page of an empty run does not say that it is one")
	}
	c.Record(get(t, v, "/a?limit=1", http.StatusOK, `{"b":true}`))
	c.Record(get(t, v, "/a?limit=1", http.StatusTeapot, ""))
	c.Record(exchange(t, v, httptest.NewRequest(http.MethodPost, "/a", nil), "", http.StatusNoContent, ""))
	whole := page(t, c)
	got := text(t, whole)
	for what, want := range map[string]string{
		"the number":    "58.3 % 7 of 12 within reach",
		"a dimension":   "boundaries 1/4",
		"a parameter":   "limit query ✓ covered: 2× ✗ missing: left out (default 5)",
		"a count":       "✓ covered: minimum 1 2×",
		"a status":      "default ✗ missing: never",
		"a property":    "b ✓ covered: seen ✓ covered: true ✗ missing: false",
		"out of reach":  "500 – out of reach: never a server cannot be asked for an error of its own",
		"a call apart":  "204 – out of reach: 1×",
		"the list":      "POST /a the operation POST is not sent by a run that only reads",
		"the operation": "GET /a a · 2 calls",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not shown: %q", what, want)
		}
	}
	if strings.Contains(got, "Nothing was exercised") {
		t.Error("the page says that nothing was exercised")
	}
	if outside := regexp.MustCompile(`(?i)<(script|link|img|iframe|object)|\b(src|href)="[^#]|url\(|@import|https?:`).FindString(whole); outside != "" {
		t.Errorf("the page wants something from elsewhere: %q", outside)
	}
	if tables, captions := strings.Count(whole, "<table"), strings.Count(whole, "<caption"); tables != captions || tables < 5 {
		t.Errorf("%d tables have %d captions", tables, captions)
	}
}

func TestPageOfAHostileDocument(t *testing.T) {
	t.Parallel()
	v, x := hostile(t)
	c := coverage.New(v)
	c.Record(x)
	whole := page(t, c)
	if strings.Contains(whole, "<script") || strings.ContainsAny(whole, "\x1b\u202e") {
		t.Error("a name of the document is not escaped")
	}
	if got := text(t, whole); strings.Count(got, "<script>x()</script>") < 5 {
		t.Errorf("names of the document are not shown as they are: %s", got)
	}
}
