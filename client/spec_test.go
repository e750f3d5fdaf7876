package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/gen"
)

// schema is as much of a schema as these tests look at.
type schema struct {
	Type       string            `json:"type"`
	Required   []string          `json:"required"`
	Properties map[string]schema `json:"properties"`
	AnyOf      []schema          `json:"anyOf"`
}

func (s schema) nullable() bool {
	return slices.ContainsFunc(s.AnyOf, func(s schema) bool { return s.Type == "null" })
}

func document(t *testing.T) (doc struct {
	Paths      map[string]map[string]struct{ Responses map[string]any }
	Components struct{ Schemas map[string]schema }
}) {
	t.Helper()
	if err := json.Unmarshal(gen.OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func schemas(t *testing.T) map[string]schema {
	t.Helper()
	return document(t).Components.Schemas
}

const (
	keySchema  = "RedactedApiKeyResponseSchema"
	pageSchema = "PaginatedResponse_RedactedApiKeyResponseSchema_"
)

// sample is a page with every member that the specification knows.
func sample() map[string]any {
	const id = "aa000000-0000-4000-8000-000000000001"
	return map[string]any{
		"data": []any{map[string]any{
			"id": id, "name": "CRM_Production", "created_date": "2025-01-01T00:00:00Z", "last_four_digits": "0001",
			"creator_id": id, "permissions": []any{"calls.view"}, "restricted": true,
		}},
		"first_id": id, "last_id": id, "has_more": false, "current_page": 1, "total_pages": 1,
	}
}

// TestEveryMemberIsCheckedAsTheSpecificationSays takes each member of a full
// page away, makes it null, and gives it a wrong type, and expects the verdict
// that the published document implies. A regenerated model cannot slip by.
func TestEveryMemberIsCheckedAsTheSpecificationSays(t *testing.T) {
	t.Parallel()
	for _, object := range []struct {
		schema, at string
		of         func(map[string]any) map[string]any
	}{
		{pageSchema, "", func(p map[string]any) map[string]any { return p }},
		{keySchema, "/data/0", func(p map[string]any) map[string]any {
			return p["data"].([]any)[0].(map[string]any)
		}},
	} {
		known := schemas(t)[object.schema]
		for name, property := range known.Properties {
			if _, ok := object.of(sample())[name]; !ok {
				t.Fatalf("%s has a member %s, the sample has not", object.schema, name)
			}
			for _, change := range []struct {
				name    string
				value   any // nil: null
				absent  bool
				allowed bool
			}{
				{name: "absent", absent: true, allowed: !slices.Contains(known.Required, name)},
				{name: "null", allowed: property.nullable()},
				{name: "an object", value: map[string]any{"s3cr3t": "value"}},
			} {
				t.Run(fmt.Sprintf("%s/%s/%s", object.schema, name, change.name), func(t *testing.T) {
					t.Parallel()
					page := sample()
					object.of(page)[name] = change.value
					if change.absent {
						delete(object.of(page), name)
					}
					body, err := json.Marshal(page)
					if err != nil {
						t.Fatal(err)
					}
					c := dial(t, "https://diga.test", inProcess(answering(200, "application/json", string(body))))
					_, err = c.ListAPIKeys(t.Context(), nil)
					if change.allowed {
						if err != nil {
							t.Errorf("%v, want no error", err)
						}
						return
					}
					var got *client.Error
					if !errors.As(err, &got) || got.Kind != client.ErrInvalidBody || got.Pointer != object.at+"/"+name {
						t.Fatalf("%v, want an ErrInvalidBody at %s/%s", err, object.at, name)
					}
					if strings.Contains(got.Message, "s3cr3t") {
						t.Errorf("the reason quotes the body: %s", got.Message)
					}
				})
			}
		}
	}
}

// documented tells whether the document lists status for GET /v1/api_key/.
func documented(t *testing.T, status int) bool {
	t.Helper()
	_, ok := document(t).Paths["/v1/api_key/"]["get"].Responses[strconv.Itoa(status)]
	return ok
}

func TestDocumentedStatusesAreTheSpecifications(t *testing.T) {
	t.Parallel()
	var want, got []string
	for status := range document(t).Paths["/v1/api_key/"]["get"].Responses {
		want = append(want, status)
	}
	for status := 200; status < 600; status++ {
		c := dial(t, "https://diga.test", noRetry(), inProcess(answering(status, "text/plain", "x")))
		if _, err := c.ListAPIKeys(t.Context(), nil); !errors.Is(err, client.ErrUndocumentedStatus) {
			got = append(got, strconv.Itoa(status))
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}

func TestANewerServerIsUnderstood(t *testing.T) {
	t.Parallel()
	page := sample()
	page["next"] = "x"
	key := page["data"].([]any)[0].(map[string]any)
	key["expires"], key["permissions"] = nil, []any{"rockets.launch"}
	body, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	got, err := newClient(t, answering(200, "application/json", string(body))).ListAPIKeys(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if permissions, err := got.Data[0].Permissions.Get(); err != nil || permissions[0] != "rockets.launch" {
		t.Errorf("%v, %v", permissions, err)
	}
}
