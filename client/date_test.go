package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/gen"
)

// pageOf is a page of one key with the given JSON values in it.
func pageOf(date, totalPages string) string {
	const id = `"aa000000-0000-4000-8000-000000000001"`
	return `{"data":[{"id":` + id + `,"name":"n","created_date":` + date + `,"creator_id":` + id + `,"last_four_digits":"0001","restricted":false}],` +
		`"first_id":` + id + `,"last_id":` + id + `,"has_more":false,"total_pages":` + totalPages + `}`
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ date, want, why string }{
		{"2025-01-31T10:07:40Z", "2025-01-31T10:07:40Z", "the usual form"},
		{"2025-01-31t10:07:40.25z", "2025-01-31T10:07:40.25Z", "t and z in lower case, RFC 3339, 5.6"},
		{"2025-01-31T10:07:40-00:00", "2025-01-31T10:07:40Z", "an unknown local offset, RFC 3339, 4.3"},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z", "a leap second is the second after it"},
		{"2017-01-01T00:59:60.5+01:00", "2017-01-01T00:00:00.5Z", "a leap second elsewhere"},
		{"9999-12-31T23:59:60Z", "9999-12-31T23:59:59Z", "the year after it cannot be written"},
		{"2016-12-31T22:59:60Z", "", "no leap second at 22:59 UTC"},
		{"2025-02-29T10:07:40Z", "", "no such day"},
		{"2025-01-31T10:07:40", "", "without time zone"},
		{"2025-01-31", "", "a date alone"},
		{"", "", "nothing"},
	} {
		for _, assume := range []bool{false, true} {
			opts := []client.Option{inProcess(answering(200, "application/json", pageOf(`"`+test.date+`"`, "null")))}
			want := test.want
			if assume {
				opts = append(opts, client.WithAssumedUTC())
				if test.why == "without time zone" {
					want = "2025-01-31T10:07:40Z"
				}
			}
			page, err := dial(t, "https://diga.test", opts...).ListAPIKeys(t.Context(), nil)
			got, failed := "", (*client.Error)(nil)
			if err == nil {
				got = page.Data[0].CreatedDate.UTC().Format(time.RFC3339Nano)
			} else if !errors.As(err, &failed) || failed.Pointer != "/data/0/created_date" {
				t.Errorf("%q: %v, want the field named", test.date, err)
			}
			if got != want {
				t.Errorf("%q, assumed %v: %q, want %q (%s)", test.date, assume, got, want, test.why)
			}
		}
	}
}

// The body that a caller of the generated client sees is the one that was sent, but
// for what the generated code could not have read.
func TestOnlyWhatCannotBeReadIsSpelledAnew(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ date, pages, want, why string }{
		{"2025-01-31T10:07:40Z", "3", "", "nothing to do"},
		{"2025-01-31t10:07:40.50z", "3.0", `"2025-01-31T10:07:40.5Z" 3`, "both"},
		{"2016-12-31T23:59:60Z", "null", `"2017-01-01T00:00:00Z" null`, "Go has no leap second"},
		{"2025-01-31T10:07:40", "null", `"2025-01-31T10:07:40Z" null`, "assumed to be UTC"},
	} {
		body := strings.Replace(pageOf(`"`+test.date+`"`, test.pages), `"n"`, `"2025-01-31t10:07:40z <3.0>"`, 1)
		c := dial(t, "https://diga.test", client.WithAssumedUTC(), inProcess(answering(200, "application/json", body)))
		page, err := c.API().ListAPIKeysWithResponse(t.Context(), nil)
		if err != nil {
			t.Errorf("%s: %v", test.why, err)
			continue
		}
		var got struct {
			Data       []struct{ Created_date, Name json.RawMessage } //nolint:revive // the property's own name
			TotalPages json.RawMessage                                `json:"total_pages"`
		}
		if err := json.Unmarshal(page.Body, &got); err != nil {
			t.Fatal(err)
		}
		if same := string(page.Body) == body; same != (test.want == "") || !same && string(got.Data[0].Created_date)+" "+string(got.TotalPages) != test.want ||
			string(got.Data[0].Name) != `"2025-01-31t10:07:40z <3.0>"` {
			t.Errorf("%s: %s", test.why, page.Body)
		}
	}
}

// What the contract calls a valid page, the client reads, and what it calls
// invalid, for the date or the number of pages in it, the client refuses.
func TestTheClientReadsWhatTheContractAllows(t *testing.T) {
	t.Parallel()
	validator, err := contract.New(gen.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	operation, _, err := validator.Route(http.MethodGet, "/v1/api_key/")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		date := fmt.Sprintf("%04d-%02d-%02d%s%02d:%02d:%02d%s%s",
			rapid.SampledFrom([]int{1, 1999, 2016, 2024, 9999}).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(28, 31).Draw(t, "day"),
			rapid.SampledFrom([]string{"T", "t", " "}).Draw(t, "separator"),
			rapid.IntRange(22, 24).Draw(t, "hour"), rapid.IntRange(58, 60).Draw(t, "minute"), rapid.IntRange(59, 61).Draw(t, "second"),
			rapid.SampledFrom([]string{"", ".5", ".123456789123", ".", ",5"}).Draw(t, "fraction"),
			rapid.SampledFrom([]string{"Z", "z", "+00:00", "-01:00", "+23:59", "+24:00", "+1:00", "+00:60", ""}).Draw(t, "zone"))
		pages := rapid.SampledFrom([]string{"null", "3", "3.0", "30e-1", "3E0", "-0.0", "3.5", `"3"`, "0.30e1", "9007199254740993.0", "1e-400", "3.00000000000000000001"}).Draw(t, "pages")
		body := pageOf(`"`+date+`"`, pages)
		violations := validator.Response(operation, 200, http.Header{"Content-Type": {"application/json"}}, []byte(body))
		c := dial(t, "https://diga.test", inProcess(answering(200, "application/json", body)))
		_, err = c.ListAPIKeys(t.Context(), nil)
		if (len(violations) == 0) != (err == nil) {
			t.Errorf("%s and %s: the contract says %v, the client %v", date, pages, violations, err)
		}
		// The generated code, which decodes all other answers, does not notice what is missing.
		if _, err := c.API().ListAPIKeysWithResponse(t.Context(), nil); len(violations) == 0 && err != nil {
			t.Errorf("%s and %s: the contract says nothing, the generated client %v", date, pages, err)
		}
	})
}
