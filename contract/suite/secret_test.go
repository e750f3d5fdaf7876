package suite_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite"
	"github.com/digakit/digakit/mockserver"
)

// noSecrets fails when a report holds a key, or most of one, in any case or
// encoding it was sent in.
func noSecrets(t *testing.T, r *report.Report, keys ...string) {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		core := key[1 : len(key)-1]
		for _, part := range []string{core, base64.StdEncoding.EncodeToString([]byte(key))} {
			if strings.Contains(strings.ToLower(text.String()), strings.ToLower(part)) {
				t.Errorf("the report holds %s", part)
			}
		}
	}
}

// TestReportsHoldNoSecret looks where altered and misplaced keys are accepted,
// so that findings tell of every one of them.
func TestReportsHoldNoSecret(t *testing.T) {
	t.Parallel()
	r, err := serve(t, asked(unlock), unsafe)
	if err != nil {
		t.Fatal(err)
	}
	curls := map[string]string{}
	for _, f := range r.Findings {
		curls[f.Case] = f.Curl
		for _, e := range f.Examples {
			curls[e.Case] = e.Curl
		}
	}
	for name, part := range map[string]string{
		"real key, cut by one":             `"Authorization: Bearer ${DIGAKIT_KEY%?}"`,
		"real key, one character more":     `"Authorization: Bearer ${DIGAKIT_KEY}0"`,
		"real key, last character changed": `"Authorization: Bearer ${DIGAKIT_KEY%?}0"`,
		"real key, in another case":        `"Authorization: Bearer $(printf %s "$DIGAKIT_KEY" | tr a-zA-Z A-Za-z)"`,
		"real key in another header":       `"X-Api-Key: $DIGAKIT_KEY"`,
		"real key in the query":            `?api_key=$DIGAKIT_KEY"`,
		"bytes that are no text":           `"Authorization: Bearer $(printf '\377\376')"`,
		"unknown key":                      `'Authorization: Bearer digakit-verify-nobody-has-this-key'`,
		"wrong scheme":                     `'Authorization: Basic ZGlnYWtpdDp2ZXJpZnk='`,
		"denied key":                       `"Authorization: Bearer $DIGAKIT_DENIED_KEY"`,
	} {
		if !strings.Contains(curls[name], part) {
			t.Errorf("%s: %s\nwant %s", name, curls[name], part)
		}
	}
	noSecrets(t, r, mockserver.UnrestrictedKey, mockserver.NoAccessKey)
	for _, where := range []string{"header", "query", "cookie", "basic"} {
		noSecrets(t, library{"no lock on " + where}.check(t), libraryKey, deniedKey)
	}
}

// TestHeadersOfTheTargetAreNotShown: a header may carry a secret by any name.
func TestHeadersOfTheTargetAreNotShown(t *testing.T) {
	t.Parallel()
	const tenant = "tenant-7-do-not-tell"
	r, err := serve(t, asked(unlock), func(to *suite.Target) { to.Header = http.Header{"X-Tenant": {tenant}} })
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Findings) == 0 || !strings.Contains(r.Findings[0].Curl, `-H "X-Tenant: $X_TENANT"`) {
		t.Errorf("findings: %+v", r.Findings)
	}
	noSecrets(t, r, tenant)
}
