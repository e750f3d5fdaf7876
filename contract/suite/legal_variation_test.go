package suite_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// inData changes every item of a list.
func inData(change func(item map[string]any)) around {
	return answered(func(r *http.Request, a *reply) {
		if a.status == http.StatusOK {
			a.edit(func(body map[string]any) { items(body, change) })
		}
	})
}

// inErrors changes every error body.
func inErrors(change func(body map[string]any)) around {
	return answered(func(r *http.Request, a *reply) {
		if a.status >= http.StatusBadRequest {
			a.edit(change)
		}
	})
}

var legalVariations = []legal{
	{
		"extra properties", "a schema is open unless it says otherwise",
		answered(func(r *http.Request, a *reply) {
			a.edit(func(body map[string]any) {
				body["request_id"] = "r-1"
				items(body, func(item map[string]any) { item["project"] = map[string]any{"name": "demo"} })
			})
		}), nil,
	},
	{
		"dates with offset and fraction", "RFC 3339 has both",
		inData(func(item map[string]any) {
			text, _ := item["created_date"].(string)
			day, _, _ := strings.Cut(text, "T")
			item["created_date"] = day + "T12:30:00.123456789+05:30"
		}), nil,
	},
	{
		"permissions null", "the schema allows null",
		inData(func(item map[string]any) {
			if item["restricted"] == false {
				item["permissions"] = nil
			}
		}), nil,
	},
	{
		"permissions empty", "an empty array is one",
		inData(func(item map[string]any) {
			if item["restricted"] == false {
				item["permissions"] = []any{}
			}
		}), nil,
	},
	{
		"permissions left out", "the property is not required",
		inData(func(item map[string]any) {
			if item["restricted"] == false {
				delete(item, "permissions")
			}
		}), nil,
	},
	{"status left out of the error body", "the property has a default and is not required", inErrors(func(body map[string]any) { delete(body, "status") }), nil},
	{"errors in other words", "message is free text", inErrors(func(body map[string]any) { body["message"] = "Nein." }), nil},
	{
		"properties in another order, and indented", "JSON objects have no order",
		answered(func(r *http.Request, a *reply) {
			var out bytes.Buffer
			a.edit(func(map[string]any) {})
			if json.Indent(&out, a.body, "", "  ") == nil {
				a.body = out.Bytes()
			}
		}), nil,
	},
	{
		"404 without the slash", "only the path with it is documented",
		instead(func(r *http.Request) *reply {
			if r.URL.Path+"/" == listPath {
				return envelope(http.StatusNotFound)
			}
			return nil
		}), nil,
	},
	{
		"200 without the slash", "a server may know both",
		asked(func(r *http.Request) {
			if r.URL.Path+"/" == listPath {
				r.URL.Path = listPath
			}
		}), nil,
	},
	{"301 without the slash, with the whole URL", "RFC 9110, 15.4.2", redirects(func(r *http.Request) string { return "http://" + r.Host + r.URL.Path + "/?" + r.URL.RawQuery }), nil},
	{
		"lenient integers", "the document does not say how digits are written",
		changedQuery(func(q url.Values) {
			for _, name := range []string{"page", "limit"} {
				text := strings.TrimSpace(q.Get(name))
				if whole, ok := strings.CutSuffix(text, ".0"); ok {
					text = whole
				}
				if f, err := strconv.ParseFloat(text, 64); err == nil && strings.Contains(text, "e") && f == float64(int(f)) {
					text = strconv.Itoa(int(f))
				}
				text = strings.TrimLeft(strings.ReplaceAll(strings.TrimPrefix(text, "+"), "_", ""), "0")
				if isNumber(text) && text[0] != '-' {
					q.Set(name, text)
				}
			}
		}), nil,
	},
	{
		"ids without hyphens, in braces or as urn", "RFC 9562 readers take them, and the schema's format is the canonical form's name",
		changedQuery(func(q url.Values) {
			for _, name := range []string{"after", "before"} {
				id := strings.ReplaceAll(strings.Trim(strings.TrimPrefix(q.Get(name), "urn:uuid:"), "{}"), "-", "")
				if len(id) == 32 {
					q.Set(name, id[:8]+"-"+id[8:12]+"-"+id[12:16]+"-"+id[16:20]+"-"+id[20:])
				}
			}
		}), nil,
	},
	{
		"the word null for no value", "what null is in a URL is left open",
		changedQuery(func(q url.Values) {
			for name := range q {
				if q.Get(name) == "null" {
					q.Del(name)
				}
			}
		}), nil,
	},
	{
		"an empty page after an id it does not know", "the document does not say what becomes of one",
		changedQuery(func(q url.Values) {
			for _, name := range []string{"after", "before"} {
				if strings.HasPrefix(q.Get(name), "d19a0000-0000-4000-8000-00000000d19a") && len(q.Get(name)) == 36 {
					q.Del(name)
				}
			}
		}), nil,
	},
	{
		"HEAD answered", "HTTP expects HEAD wherever GET is (RFC 9110, 9.1)",
		asked(func(r *http.Request) {
			if r.Method == http.MethodHead {
				r.Method = http.MethodGet
			}
		}), nil,
	},
	{
		"OPTIONS answered", "CORS asks with it",
		instead(func(r *http.Request) *reply {
			if r.Method == http.MethodOptions {
				return &reply{status: http.StatusNoContent, header: http.Header{"Allow": {"GET, HEAD, OPTIONS"}, "Access-Control-Allow-Origin": {"*"}}}
			}
			return nil
		}), nil,
	},
	{
		"404 to methods it does not know", "a router may match the method together with the path",
		instead(func(r *http.Request) *reply {
			if r.Method != http.MethodGet {
				return envelope(http.StatusNotFound)
			}
			return nil
		}), unsafe,
	},
	{
		"501 to methods it does not know", "RFC 9110, 15.6.2",
		instead(func(r *http.Request) *reply {
			if r.Method != http.MethodGet {
				return plainText(http.StatusNotImplemented, "no")
			}
			return nil
		}), unsafe,
	},
	{
		"405 that also allows HEAD and OPTIONS", "they need not be documented",
		answered(func(r *http.Request, a *reply) {
			if a.header.Get("Allow") != "" && r.Method != http.MethodHead && r.Method != http.MethodOptions {
				a.header.Set("Allow", "OPTIONS,GET , HEAD")
			}
		}), unsafe,
	},
	{
		"everything behind a key, unknown paths too", "who may not look learns nothing",
		instead(func(r *http.Request) *reply {
			if r.URL.Path != listPath && r.URL.Path+"/" != listPath {
				return envelope(http.StatusForbidden)
			}
			return nil
		}), nil,
	},
	{
		"a front that refuses what it does not like", "a proxy knows nothing of the document",
		instead(func(r *http.Request) *reply {
			_, err := url.ParseQuery(r.URL.RawQuery)
			switch {
			case len(r.URL.RawQuery) > 4096:
				return plainText(http.StatusRequestURITooLong, "<html>414 URI Too Long</html>")
			case len(r.Header.Get("X-Digakit")) > 4096 || len(r.Header.Get("Authorization")) > 2048:
				return plainText(http.StatusRequestHeaderFieldsTooLarge, "<html>431</html>")
			case err != nil || strings.Contains(r.URL.RawQuery, "%00") || strings.Contains(r.Header.Get("Authorization"), "\xff"):
				return plainText(http.StatusBadRequest, "<html>400 Bad Request</html>")
			case strings.Contains(r.URL.RawQuery, "script"):
				return plainText(http.StatusForbidden, "<html>blocked</html>")
			}
			return nil
		}), nil,
	},
	{
		"a front that undoes dot segments and doubled slashes", "such URLs are equivalent (RFC 3986, 6.2.2.3)",
		asked(func(r *http.Request) {
			if p := strings.TrimSuffix(pathClean(r.URL.Path), "/") + "/"; p == listPath && r.URL.Path != strings.TrimSuffix(listPath, "/") {
				r.URL.Path, r.URL.RawPath = listPath, ""
			}
		}), nil,
	},
	{
		"a key that is hidden from", "404 hides what a key may not see (RFC 9110, 15.5.4)",
		instead(func(r *http.Request) *reply {
			if bearer(r) == mockserver.NoAccessKey {
				return envelope(http.StatusNotFound)
			}
			return nil
		}), func(t *suite.Target) { t.Document = withStatus(t.Document, "404") },
	},
	{
		"answers in chunks", "RFC 9112, 7.1",
		func(mock http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				a := ask(mock, r)
				a.header.Del("Content-Length")
				for name, values := range a.header {
					w.Header()[name] = values
				}
				w.WriteHeader(a.status)
				for part := range slices.Chunk(a.body, 100) {
					_, _ = w.Write(part)
					_ = http.NewResponseController(w).Flush()
				}
			})
		}, nil,
	},
	{
		"gzip when asked", "RFC 9110, 12.5.3",
		answered(func(r *http.Request, a *reply) {
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && len(a.body) > 0 {
				var out bytes.Buffer
				z := gzip.NewWriter(&out)
				_, _ = z.Write(a.body)
				_ = z.Close()
				a.body = out.Bytes()
				a.header.Set("Content-Encoding", "gzip")
			}
		}), nil,
	},
	{
		"media type with other parameters and case", "RFC 9110, 8.3.1",
		answered(func(r *http.Request, a *reply) {
			if a.header.Get("Content-Type") != "" {
				a.header.Set("Content-Type", "Application/JSON;charset=utf-8")
			}
		}), nil,
	},
	{
		"throttles now and then", "429 says when to come again (RFC 6585, 4)",
		func(mock http.Handler) http.Handler {
			var asked atomic.Int64
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if asked.Add(1)%5 == 0 {
					w.Header().Set("Retry-After", "0")
					w.WriteHeader(http.StatusTooManyRequests)
					return
				}
				mock.ServeHTTP(w, r)
			})
		}, nil,
	},
	{
		"closes every connection", "RFC 9112, 9.6",
		answered(func(r *http.Request, a *reply) { a.header.Set("Connection", "close") }), nil,
	},
}

func pathClean(p string) string {
	u, err := url.Parse("http://h/")
	if err != nil {
		return p
	}
	for strings.Contains(p, "//") {
		p = strings.ReplaceAll(p, "//", "/")
	}
	return u.JoinPath(p).Path
}

// withStatus documents one more error status.
func withStatus(document []byte, status string) []byte {
	var tree map[string]any
	if err := json.Unmarshal(document, &tree); err != nil {
		panic(err)
	}
	paths, _ := tree["paths"].(map[string]any)
	for _, item := range paths {
		for _, operation := range item.(map[string]any) {
			responses, _ := operation.(map[string]any)["responses"].(map[string]any)
			content := responses["422"].(map[string]any)["content"].(map[string]any)["application/json"].(map[string]any)
			responses[status] = map[string]any{
				"description": "One more",
				"content":     map[string]any{"application/json": map[string]any{"schema": content["schema"]}},
			}
		}
	}
	changed, err := json.Marshal(tree)
	if err != nil {
		panic(err)
	}
	return changed
}
