package values

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
	"github.com/digakit/digakit/contract/suite/internal/session"
)

// injected is a header that must never come back.
const injected = "X-Digakit-Injected"

// hostile is a value as it goes on the wire in a query.
type hostile struct{ name, raw string }

func hostileValues() []hostile {
	return []hostile{
		{"byte that is no UTF-8", "%FF"},
		{"byte that is no UTF-8, not encoded", "\xff"},
		{"overlong UTF-8", "%C0%AF"},
		{"overlong UTF-8 of three bytes", "%E0%80%AF"},
		{"lone surrogate", "%ED%A0%80"},
		{"UTF-8 cut short", "%E2%82"},
		{"UTF-8 cut short, not encoded", "\xe2\x82"},
		{"beyond Unicode", "%F4%90%80%80"},
		{"NUL", "%00"},
		{"NUL inside", "1%00" + url.QueryEscape("2")},
		{"line break and header", "%0D%0A" + injected + ":%201"},
		{"broken escape", "%"},
		{"broken escape of letters", "%zz"},
		{"double escape", "%2500"},
		{"8 kB of text", strings.Repeat("A", 8<<10)},
		{"8 kB of digits", strings.Repeat("9", 8<<10)},
		{"one above int32", "2147483648"},
		{"one above int64", "9223372036854775808"},
		{"one below int64", "-9223372036854775809"},
		{"one above uint64", "18446744073709551616"},
		{"number of 309 digits", "1" + strings.Repeat("0", 308)},
		{"exponent", "1e999999999"},
		{"not a number", "NaN"},
		{"Arabic digits", "%D9%A1%D9%A2"},
		{"1000 brackets", strings.Repeat("%5B", 1000)},
		{"1000 braces", strings.Repeat("%7B", 1000)},
		{"quote", "%27"},
		{"markup", "%3Cscript%3Ealert(1)%3C/script%3E"},
		{"format directives", "%25s%25n%25x"},
		{"bidirectional override", "%E2%80%AE1"},
	}
}

// hostileQueries are hostile as a whole.
func hostileQueries() []hostile {
	many := make([]string, 500)
	for i := range many {
		many[i] = "digakit" + strconv.Itoa(i) + "=1"
	}
	return []hostile{
		{"unknown parameter", "digakit=1"},
		{"500 unknown parameters", strings.Join(many, "&")},
		{"no names", "=&=1&&"},
		{"semicolons", "a=1;b=2"},
		{"name that is no UTF-8", "%FF=1"},
		{"name with a broken escape", "%zz=1"},
		{"name of 8 kB", strings.Repeat("n", 8<<10) + "=1"},
		{"1000 brackets in a name", "a" + strings.Repeat("[a]", 1000) + "=1"},
		{"prototype", "__proto__[digakit]=1&constructor[prototype][digakit]=1"},
	}
}

func hostileInput(ctx context.Context, p *session.Probe) {
	base, _ := p.Required(p.Op)
	var calls []call.Call
	add := func(name string, c call.Call) {
		c.Edge, c.Label = true, name
		calls = append(calls, c)
	}
	withQuery := func(name, about, raw string) {
		c := call.Compose(p.Op, base)
		c.About, c.Query = about, strings.TrimPrefix(c.Query+"&"+raw, "&")
		add(name, c)
	}
	for _, q := range p.Parameters(p.Op) {
		for _, h := range hostileValues() {
			v := call.Value{Class: h.name, Texts: []string{h.raw}, Raw: true}
			switch {
			case q.In == call.HeaderPlace:
				v.Texts[0] = headerText(h.raw)
			case q.In != call.QueryPlace && strings.Contains(h.raw, "\xff"), q.In == call.CookiePlace && !strings.HasPrefix(h.raw, "%"):
				continue
			}
			add(q.Name+": "+h.name, call.ComposeFor(p.Op, base, call.Setting{Parameter: q, Value: v}))
		}
		if name := url.QueryEscape(q.Name); q.In == call.QueryPlace {
			withQuery(q.Name+": brackets after the name", q.Name, name+"[]=1")
			withQuery(q.Name+": brackets with a key after the name", q.Name, name+"[$ne]=1")
			withQuery(q.Name+": 100 times", q.Name, strings.TrimSuffix(strings.Repeat(name+"=1&", 100), "&"))
		}
	}
	for _, h := range hostileQueries() {
		withQuery(h.name, "", h.raw)
	}
	for _, h := range []struct{ name, header, value string }{
		{"header of 8 kB", "X-Digakit", strings.Repeat("h", 8<<10)},
		{"header that is no UTF-8", "X-Digakit", "\xff\xfe"},
		{"unreadable Accept", "Accept", ";;;,*/*;q=x"},
		{"unreadable Content-Type", "Content-Type", "///"},
		{"cookie without a name", "Cookie", "=;;=1"},
	} {
		c := call.Compose(p.Op, base)
		c.Header[h.header] = []string{h.value}
		add(h.name, c)
	}
	p.Each(ctx, calls, func(c call.Call, a *session.Answer) { judgeHostile(p, c, a) })
}

// headerText is a hostile value as a header can carry it: control characters
// cannot be sent, other bytes can.
func headerText(raw string) string {
	var sent []byte
	for _, c := range []byte(call.Unescaped(raw)) {
		if c >= ' ' && c != 0x7f {
			sent = append(sent, c)
		}
	}
	return string(sent)
}

// judgeHostile looks at what the checks of every answer leave out: refusals that
// come from before the application.
func judgeHostile(p *session.Probe, c call.Call, a *session.Answer) {
	switch {
	case a.Header.Get(injected) != "":
		p.Fail(c.Label, a, "%s: a header of the sender's choice came back in the answer", c.Label)
	case a.EdgeRefusal() && spec.IsJSON(a.Header.Get("Content-Type")) && a.Request.Method != http.MethodHead && !json.Valid(a.Body):
		p.Fail(c.Label, a, "%s: the refusal (%d) says it is JSON and is not", c.Label, a.Status)
	default:
		p.Pass()
	}
}
