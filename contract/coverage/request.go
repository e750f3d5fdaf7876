package coverage

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
)

// recordParameters counts the parameters of a request.
func (c *Coverage) recordParameters(n *counts, o *operation, x *contract.Exchange) {
	if len(o.parameters) == 0 || x.Request == nil || x.Request.URL == nil {
		return
	}
	var few [32]bool
	given := few[:]
	if len(o.parameters) > len(few) {
		given = make([]bool, len(o.parameters))
	}
	n.query(o, x.Request.URL.RawQuery, given)
	c.recordOthers(n, o, x.Request, given)
	for i := range o.parameters {
		switch p := &o.parameters[i]; {
		case given[i]:
			n.at[p.given].Add(1)
		case p.leftOut >= 0:
			n.at[p.leftOut].Add(1)
		}
	}
	for i := range x.Violations {
		n.violation(o, &x.Violations[i])
	}
}

// query looks at the query's parameters, as browsers and servers split them.
func (n *counts) query(o *operation, query string, given []bool) {
	whole := query
	for query != "" {
		var pair string
		pair, query, _ = strings.Cut(query, "&")
		name, raw, _ := strings.Cut(pair, "=")
		name = unescape(name)
		for i := range o.parameters {
			p := &o.parameters[i]
			if pair == "" || p.documented.In != "query" || !p.goesBy(name) {
				continue
			}
			given[i] = true
			if p.judged() && p.prefix == "" && p.members == nil {
				n.styled(p, raw, unescape)
			}
		}
	}
	for i := range o.parameters {
		// Items that each have their own name=value are known when all have passed.
		if p := &o.parameters[i]; given[i] && p.items != nil && p.separator == "" && len(p.self.count) > 0 {
			n.length(p, occurrences(whole, p.documented.Name))
		}
	}
}

func occurrences(query, name string) int {
	count := 0
	for pair := range strings.SplitSeq(query, "&") {
		if said, _, _ := strings.Cut(pair, "="); pair != "" && unescape(said) == name {
			count++
		}
	}
	return count
}

// recordOthers looks at the parameters of header, path and cookie.
func (c *Coverage) recordOthers(n *counts, o *operation, r *http.Request, given []bool) {
	var path map[string]string
	if o.paths {
		_, path, _ = c.plan.validator.Route(o.documented.Method, r.URL.EscapedPath())
	}
	for i := range o.parameters {
		switch p := &o.parameters[i]; p.documented.In {
		case "header":
			lines := r.Header[http.CanonicalHeaderKey(p.documented.Name)]
			given[i] = len(lines) > 0
			for _, line := range lines {
				n.styled(p, line, asItIs)
			}
		case "path":
			given[i] = true
			if text, ok := path[p.documented.Name]; ok {
				n.styled(p, text, asItIs)
			}
		case "cookie":
			for _, cookie := range r.CookiesNamed(p.documented.Name) {
				given[i] = true
				n.styled(p, cookie.Value, asItIs)
			}
		}
	}
}

// styled looks at a value as it stands on the wire.
func (n *counts) styled(p *parameter, raw string, decode func(string) string) {
	switch {
	case p.items == nil:
		n.measured(p.self, decode(raw))
		return
	case p.separator == "":
		n.measured(p.items, decode(raw))
		return
	case p.separator == "%20":
		raw = strings.ReplaceAll(raw, "+", "%20")
	}
	items := strings.Split(raw, p.separator)
	for _, item := range items {
		n.measured(p.items, strings.TrimSpace(decode(item)))
	}
	n.length(p, len(items))
}

// length notes how many items an array had.
func (n *counts) length(p *parameter, items int) {
	if counter, ok := p.self.count[items]; ok {
		n.at[counter].Add(1)
	}
}

// measured looks where a plain value stands exactly.
func (n *counts) measured(m *measure, text string) {
	if m.idle() {
		return
	}
	if len(m.exact)+len(m.numbers) > 0 {
		number := m.number(text)
		if counter, ok := m.exact[number]; ok {
			n.at[counter].Add(1)
		}
		if counter, ok := m.numbers[number]; ok {
			n.at[counter].Add(1)
		}
	}
	if counter, ok := m.words[text]; ok {
		n.at[counter].Add(1)
	}
	if len(m.length) > 0 {
		if counter, ok := m.length[utf8.RuneCountInString(text)]; ok {
			n.at[counter].Add(1)
		}
	}
}

// violation notes which boundary a value was beyond. The validator says so: there
// is no second opinion here.
func (n *counts) violation(o *operation, v *contract.Violation) {
	if v.Side != contract.SideRequest || v.Kind != contract.KindInvalidParameter {
		return
	}
	for i := range o.parameters {
		p := &o.parameters[i]
		if p.documented.In != v.In || p.documented.Name != v.Name {
			continue
		}
		keyword := v.Keyword
		if v.Pointer != "" {
			keyword = "[]" + keyword
		}
		if counter, ok := p.beyond[keyword]; ok {
			n.at[counter].Add(1)
		} else if p.anyBeyond >= 0 {
			n.at[p.anyBeyond].Add(1)
		}
	}
}

func asItIs(text string) string { return text }

func unescape(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	plain, err := url.QueryUnescape(text)
	if err != nil {
		return text
	}
	return plain
}
