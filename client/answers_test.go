package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

func TestTheAPIsOwnRefusal(t *testing.T) {
	t.Parallel()
	limit := 0
	c := newClient(t, newProject(0).ServeHTTP)
	_, err := c.ListAPIKeys(t.Context(), &gen.ListAPIKeysParams{Limit: &limit})
	var got *client.Error
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	want := &client.Error{
		Kind:        client.ErrRefused,
		StatusCode:  422,
		Documented:  true,
		Code:        "INVALID_PAGINATION_PARAMETERS",
		Message:     "limit must be from 1 to 1000",
		ContentType: "application/json",
		Request:     "GET /v1/api_key/?limit=0",
		Attempts:    1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if text := "client: GET /v1/api_key/?limit=0: 422 INVALID_PAGINATION_PARAMETERS: limit must be from 1 to 1000"; err.Error() != text {
		t.Errorf("got  %s\nwant %s", err, text)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	all := []error{
		client.ErrInvalidOption, client.ErrTransport, client.ErrPageLoop, client.ErrRefused, client.ErrValidation,
		client.ErrUnauthorized, client.ErrForbidden, client.ErrNotFound, client.ErrInvalidPagination, client.ErrRateLimited,
		client.ErrServer, client.ErrUnexpectedResponse, client.ErrContentType, client.ErrEmptyBody, client.ErrMalformedJSON,
		client.ErrInvalidBody, client.ErrBodyTooLarge, client.ErrorCode("E"), client.ErrorCode("missing"), client.ErrorCode(""),
	}
	type kinds []error
	const json = "application/json"
	envelope := `{"status":"error","error_code":"E","message":"m"}`
	fields := `{"detail":[{"loc":["body",0],"msg":"m","type":"missing"}]}`
	refused, unexpected := client.ErrRefused, client.ErrUnexpectedResponse
	for _, test := range []struct {
		name        string
		status      int
		contentType string
		body        string
		want        kinds // but for ErrUndocumentedStatus, which depends on the document
	}{
		{"401", 401, json, envelope, kinds{refused, client.ErrUnauthorized, client.ErrorCode("E")}},
		{"403", 403, json, envelope, kinds{refused, client.ErrForbidden, client.ErrorCode("E")}},
		{"403 with charset", 403, "application/json; charset=utf-8", envelope, kinds{refused, client.ErrForbidden, client.ErrorCode("E")}},
		{"404", 404, json, envelope, kinds{refused, client.ErrNotFound, client.ErrorCode("E")}},
		{"422 of another code", 422, json, envelope, kinds{refused, client.ErrorCode("E")}},
		{"422", 422, json, `{"error_code":"INVALID_PAGINATION_PARAMETERS","message":""}`, kinds{refused, client.ErrInvalidPagination}},
		{"429", 429, json, envelope, kinds{refused, client.ErrRateLimited, client.ErrorCode("E")}},
		{"500", 500, json, envelope, kinds{refused, client.ErrServer, client.ErrorCode("E")}},
		{"503", 503, json, envelope, kinds{refused, client.ErrServer, client.ErrorCode("E")}},
		{"201 with a page", 201, json, emptyPage, kinds{unexpected}},
		{"204", 204, "", "", kinds{unexpected, client.ErrEmptyBody}},
		{"422 without message", 422, json, `{"error_code":"E"}`, kinds{unexpected, client.ErrInvalidBody}},
		{"FastAPI's own 422", 422, json, fields, kinds{refused, client.ErrValidation, client.ErrorCode("missing")}},
		{"FastAPI's own 422 without a field", 422, json, `{"detail":[]}`, kinds{refused, client.ErrValidation}},
		{"FastAPI's own 422 with a text", 422, json, `{"detail":"no"}`, kinds{unexpected, client.ErrInvalidBody}},
		{"502 HTML", 502, "text/html", "<html>Bad Gateway</html>", kinds{client.ErrServer, unexpected, client.ErrContentType}},
		{"200 HTML", 200, "text/html; charset=utf-8", "<!doctype html>", kinds{unexpected, client.ErrContentType}},
		{"200 with the envelope", 200, json, envelope, kinds{unexpected, client.ErrInvalidBody}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, answering(test.status, test.contentType, test.body), noRetry())
			_, err := c.ListAPIKeys(t.Context(), nil)
			got := kinds{}
			for _, kind := range all {
				if errors.Is(err, kind) {
					got = append(got, kind)
				}
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateErrors()); diff != "" {
				t.Errorf("%v: kinds (-want +got):\n%s", err, diff)
			}
			if errors.Is(err, client.ErrUndocumentedStatus) == documented(t, test.status) {
				t.Errorf("%v: documented is %v", err, documented(t, test.status))
			}
		})
	}
}

func TestFieldsThatAreRefused(t *testing.T) {
	t.Parallel()
	c := newClient(t, answering(422, "application/json", `{"detail":[`+
		`{"loc":["body","items",0,"name"],"msg":"Field required","type":"missing","input":{},"url":"https://errors.test"},`+
		`{"loc":["query","limit"],"msg":"Input should be less than \u001b[31m 5","type":"less_than"}]}`))
	_, err := c.ListAPIKeys(t.Context(), nil)
	var got *client.Error
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	want := []client.FieldError{
		{Loc: "body.items.0.name", Message: "Field required", Type: "missing"},
		{Loc: "query.limit", Message: "Input should be less than \x1b[31m 5", Type: "less_than"},
	}
	if diff := cmp.Diff(want, got.Fields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if text := `client: GET /v1/api_key/: 422: body.items.0.name: Field required; query.limit: Input should be less than \x1b[31m 5`; err.Error() != text {
		t.Errorf("got  %s\nwant %s", err, text)
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		limit int64
		want  error
	}{
		{"exactly full", int64(len(emptyPage)), nil},
		{"one byte too many", int64(len(emptyPage)) - 1, client.ErrBodyTooLarge},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, answering(200, "application/json", emptyPage), client.WithMaxBody(test.limit))
			if _, err := c.ListAPIKeys(t.Context(), nil); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
			res, err := c.Raw().ListAPIKeys(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			if body, err := io.ReadAll(res.Body); !errors.Is(err, test.want) || int64(len(body)) != test.limit {
				t.Errorf("raw: %d bytes, %v; want %d, %v", len(body), err, test.limit, test.want)
			}
		})
	}
}

func TestEndlessBodyIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	c := newClient(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	}, client.WithMaxBody(1<<20))
	if _, err := c.ListAPIKeys(t.Context(), nil); !errors.Is(err, client.ErrBodyTooLarge) {
		t.Error(err)
	}
}

func TestEchoedKeyIsNotShown(t *testing.T) {
	t.Parallel()
	quoted := strings.NewReplacer(`"`, `\"`).Replace(key)
	for _, test := range []struct {
		name        string
		status      int
		contentType string
		body        string
	}{
		{"in a field", 422, "application/json", `{"detail":[{"loc":["` + quoted + `"],"msg":"` + quoted + `","type":"` + quoted + `"}]}`},
		{"in the message", 403, "application/json", `{"error_code":"` + quoted + `","message":"Invalid API key ` + quoted + `"}`},
		{"in plain text", 200, "text/plain", "unknown key " + key},
		{"in JSON", 200, "application/json", `{"key":"` + quoted + `"}`},
		{"in JSON with escaped slash", 200, "application/json", `{"key":"` + strings.ReplaceAll(key, "/", `\/`) + `"}`},
		{"in HTML", 502, "text/html", "diga-test-s3cr3t/&#34;&lt;key&gt;&#34;-0001"},
		{"in a URL", 502, "text/html", "<a href='?k=diga-test-s3cr3t%2F%22%3Ckey%3E%22-0001'>"},
		{"cut by the snippet's end", 200, "text/plain", strings.Repeat("x", 190) + key},
		{"cut by the body's end", 200, "text/plain", "unknown key " + key[:20]},
		{"in the content type", 200, "text/" + key, "x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, answering(test.status, test.contentType, test.body), noRetry())
			_, err := c.ListAPIKeys(t.Context(), nil)
			text := fmt.Sprintf("%v %+v %#v", err, err, err)
			if err == nil || strings.Contains(text, "s3cr3t") || strings.Contains(text, "diga-test-") {
				t.Errorf("shown: %s", text)
			}
		})
	}
}

func TestErrorsAreOneLineOfPrintableText(t *testing.T) {
	t.Parallel()
	nasty := "a\x1b[31m\nb\u202e\xff\t"
	c := newClient(t, answering(200, "text/plain", nasty+strings.Repeat("ü", 500)), noRetry())
	_, err := c.ListAPIKeys(t.Context(), nil)
	var got *client.Error
	if !errors.As(err, &got) {
		t.Fatal(err)
	}
	if want := `a\x1b[31m\nb\u202e\xff\t` + strings.Repeat("ü", 94) + "…"; got.Snippet != want {
		t.Errorf("snippet %q\nwant    %q", got.Snippet, want)
	}
}
