package client_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

// The traps of oapi-codegen v2.8.2 that this package exists to close. Each test
// first shows the generated code falling in, so that an update which mends it is
// noticed and our own code can go, and then that the client does not.

func TestTrapO7DecodingAMissingRequiredFieldIsSilent(t *testing.T) {
	t.Parallel()
	const body = `{"data":[{"id":"aa000000-0000-0000-0000-000000000000"}]}`
	var page gen.APIKeyPage
	if err := json.Unmarshal([]byte(body), &page); err != nil || page.Data[0].Name != "" || page.HasMore {
		t.Errorf("the generated models now notice: %v", err)
	}
	if page.LastID.IsSpecified() {
		t.Error("an absent nullable counts as specified")
	}

	_, err := newClient(t, answering(200, "application/json", body)).ListAPIKeys(t.Context(), nil)
	var got *client.Error
	if !errors.As(err, &got) || got.Kind != client.ErrInvalidBody || got.Pointer != "/data/0/created_date" {
		t.Errorf("%v, want an ErrInvalidBody at /data/0/created_date", err)
	}
}

func TestTrapO7ARequiredNullableLeftUnspecifiedMarshalsAsZero(t *testing.T) {
	t.Parallel()
	// Here every nullable is optional, and so left out; were one required, it
	// would go out as its zero value. Hence the spec is looked at, not the code.
	raw, err := json.Marshal(gen.APIKeyPage{Data: []gen.APIKey{}})
	if err != nil || string(raw) != emptyPage {
		t.Errorf("%s, %v; want %s", raw, err, emptyPage)
	}
	for _, name := range []string{keySchema, pageSchema} {
		schema := schemas(t)[name]
		for _, required := range schema.Required {
			if schema.Properties[required].nullable() {
				t.Errorf("%s/%s is required and nullable: set it explicitly wherever it is sent", name, required)
			}
		}
	}
}

// typed are the bodies that a generated parser has filled in.
func typed(parsed *gen.ListAPIKeysResponse) (bodies []any) {
	v := reflect.ValueOf(parsed).Elem()
	for i := range v.NumField() {
		if strings.HasPrefix(v.Type().Field(i).Name, "JSON") && !v.Field(i).IsNil() {
			bodies = append(bodies, v.Field(i).Interface())
		}
	}
	return bodies
}

func TestTrapO10TheGeneratedClientLosesAnswers(t *testing.T) {
	t.Parallel()
	const envelope = `{"error_code":"E","message":"m"}`
	for _, test := range []struct {
		name, trap  string
		status      int
		contentType string
		body        string
		want        client.ErrorKind
	}{
		{"undocumented 401", "err nil and every JSONxxx nil", 401, "application/json", envelope, client.ErrUnauthorized},
		{"undocumented 429", "err nil and every JSONxxx nil", 429, "application/json", envelope, client.ErrRateLimited},
		{"HTML 500", "err nil and every JSONxxx nil", 500, "text/html", "<html>", client.ErrContentType},
		{"HTML 200", "err nil and every JSONxxx nil", 200, "text/html", "<html>", client.ErrContentType},
		{"no Content-Type", "err nil and every JSONxxx nil", 200, "", emptyPage, client.ErrContentType},
		{"empty 200 without type", "err nil and every JSONxxx nil", 200, "", "", client.ErrEmptyBody},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, answering(test.status, test.contentType, test.body), noRetry())
			res, err := c.Raw().ListAPIKeys(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			parsed, err := gen.ParseListAPIKeysResponse(res)
			if err != nil || len(typed(parsed)) > 0 {
				t.Errorf("the generated parser no longer answers with %s: %+v, %v", test.trap, parsed, err)
			}
			if _, err := c.ListAPIKeys(t.Context(), nil); !errors.Is(err, test.want) {
				t.Errorf("%v, want %v", err, test.want)
			}
		})
	}
}

func TestTrapO10MalformedJSONLosesTheStatus(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, reason string
	}{
		{"truncated", `{"data":[`, "cut off after 9 bytes"},
		{"misspelt", `{"data":nope}`, "mistake at byte 10"},
		{"two values", emptyPage + emptyPage, "more than one JSON value: something follows at byte 29"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := newClient(t, answering(422, "application/json", test.body))
			res, err := c.Raw().ListAPIKeys(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if parsed, err := gen.ParseListAPIKeysResponse(res); parsed != nil || err == nil {
				t.Errorf("the generated parser now keeps the response: %+v, %v", parsed, err)
			}
			_, err = c.ListAPIKeys(t.Context(), nil)
			var got *client.Error
			if !errors.As(err, &got) || got.StatusCode != 422 || got.Kind != client.ErrMalformedJSON ||
				!strings.Contains(got.Message, test.reason) {
				t.Errorf("%v, want status 422 and %q", err, test.reason)
			}
		})
	}
}

func TestTrapO10AProblemDocumentIsParsedAsTheEnvelope(t *testing.T) {
	t.Parallel()
	const problem = `{"type":"about:blank","title":"Forbidden by gateway","status":"403"}`
	c := newClient(t, answering(http.StatusUnprocessableEntity, "application/problem+json", problem))
	res, err := c.Raw().ListAPIKeys(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := gen.ParseListAPIKeysResponse(res)
	if err != nil || len(typed(parsed)) != 1 {
		t.Errorf("the generated parser no longer takes it for an empty envelope: %+v, %v", parsed, err)
	}
	_, err = c.ListAPIKeys(t.Context(), nil)
	if !errors.Is(err, client.ErrContentType) || errors.Is(err, client.ErrRefused) || !strings.Contains(err.Error(), "Forbidden by gateway") {
		t.Errorf("%v, want an ErrContentType that shows the document", err)
	}
}

func TestTrapO13NamesMatchInAnyCase(t *testing.T) {
	t.Parallel()
	const body = `{"data":[],"has_more":false,"HAS_MORE":true}`
	var page gen.APIKeyPage
	if err := json.Unmarshal([]byte(body), &page); err != nil || !page.HasMore {
		t.Errorf("encoding/json no longer lets HAS_MORE win: %v", err)
	}
	got, err := newClient(t, answering(200, "application/json", body)).ListAPIKeys(t.Context(), nil)
	if err != nil || got.HasMore {
		t.Errorf("%+v, %v; want has_more as spelt in the specification", got, err)
	}
}
