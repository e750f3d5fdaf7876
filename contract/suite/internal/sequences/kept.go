package sequences

import (
	"cmp"
	"encoding/json"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

// lost lists the properties sent that an item does not show as they were sent, by the
// names they were sent under. What the item has no place for is left out.
func (t *story) lost(l *plan.Line, sent any, shown map[string]any, schema *spec.Schema) []string {
	if l.Write == nil {
		return nil
	}
	c := t.Plan.Collection(l.Collection)
	at := l.Write.Data
	if l.Write.Items {
		at = spec.Join(at, "0")
	}
	holder, _ := call.At(any(shown), l.Write.Into)
	into, _ := holder.(map[string]any)
	var names []string
	for _, m := range l.Write.Mappings {
		v, there := call.At(sent, spec.Join(at, m.From))
		if m.In != "" || !there || into == nil || c != nil && c.ServerMade(m.To) {
			continue
		}
		to := schema
		for _, token := range spec.Tokens(l.Write.Into) {
			to = to.Property(token)
		}
		if to == nil || to.Property(m.To) == nil || to.Property(m.To).WriteOnly {
			continue
		}
		if call.Text(v) != "" && !to.Property(m.To).Fits(v, t.Validator.Fits) {
			continue // it is taken, and the item cannot show it
		}
		got, has := into[m.To]
		if m.How == plan.Embeds {
			if !t.embeds(m, v, got) {
				names = append(names, m.From)
			}
			continue
		}
		if !has && v != nil && !mayHide(to, m.To) || has && !kept(to.Property(m.To), v, got) {
			names = append(names, m.From)
		}
	}
	return names
}

// mayHide tells whether a property may be left out of what is shown.
func mayHide(s *spec.Schema, name string) bool {
	return len(s.Alternatives()) > 0 && !slices.Contains(s.Required, name)
}

// embeds tells whether what is shown is the item that the value sent names, or the
// items that the values name.
func (t *story) embeds(m plan.Mapping, sent, got any) bool {
	c := t.Plan.Collection(m.Collection)
	if sent == nil || c == nil || len(c.Identity) != 1 {
		return true
	}
	by := cmp.Or(m.By, c.Identity[0].Property)
	names := func(sent, got any) bool {
		object, is := got.(map[string]any)
		named, has := object[by]
		return !is && got != nil || is && (!has || kept(nil, sent, named))
	}
	list, many := sent.([]any)
	shown, isList := got.([]any)
	switch {
	case !many:
		return names(sent, got)
	case !isList:
		return got == nil && len(list) == 0
	}
	return !slices.ContainsFunc(list, func(one any) bool {
		if _, isObject := one.(map[string]any); isObject {
			return len(shown) != len(list)
		}
		return !slices.ContainsFunc(shown, func(v any) bool { return v == nil || names(one, v) })
	})
}

// kept tells whether a value is shown as it was sent, whatever the server may write
// otherwise without changing what it means: numbers, dates, ids, addresses, the order
// of an array, and what it adds to objects. A property that the schema of what is
// shown does not have need not be there.
func kept(s *spec.Schema, sent, shown any) bool {
	if s != nil {
		for _, a := range s.Alternatives() {
			if kept(a, sent, shown) {
				return true
			}
		}
	}
	switch sent := sent.(type) {
	case nil:
		return shown == nil
	case map[string]any:
		object, is := shown.(map[string]any)
		for name, v := range sent {
			got, has := object[name]
			var property *spec.Schema
			if s != nil {
				property = s.Property(name)
			}
			if has && !kept(property, v, got) || !has && v != nil && (property != nil || s == nil || free(s)) {
				return false
			}
		}
		return is
	case []any:
		list, is := shown.([]any)
		var item *spec.Schema
		if s != nil {
			item = s.Items()
		}
		left := slices.Clone(list)
		for _, v := range sent {
			i := slices.IndexFunc(left, func(got any) bool { return kept(item, v, got) })
			if i < 0 {
				return false
			}
			left = slices.Delete(left, i, i+1)
		}
		return is && len(left) == 0
	case json.Number:
		a, okA := new(big.Rat).SetString(string(sent))
		number, _ := shown.(json.Number)
		b, okB := new(big.Rat).SetString(string(number))
		return okA && okB && a.Cmp(b) == 0
	case string:
		text, is := shown.(string)
		return is && alike(sent, text)
	}
	return sent == shown
}

// free tells whether an object may have any properties.
func free(s *spec.Schema) bool {
	return len(s.Properties()) == 0 && (s.Additional() == nil || !s.Additional().Never)
}

// alike tells whether two texts say the same.
func alike(a, b string) bool {
	if a == b || strings.TrimSpace(a) == b {
		return true
	}
	if x, zoned, is := spec.Instant(a); is && zoned {
		y, _, is := spec.Instant(b) // without an offset it is UTC
		return is && x.Sub(y).Abs() < time.Second
	}
	if strings.EqualFold(a, b) {
		hex := strings.Trim(strings.ToLower(a), "0123456789abcdef-") == ""
		return hex || strings.Contains(a, "@")
	}
	x, errA := url.Parse(a)
	y, errB := url.Parse(b)
	return errA == nil && errB == nil && x.Host != "" && strings.EqualFold(x.Host, y.Host) && x.Scheme == y.Scheme &&
		strings.Trim(x.EscapedPath(), "/") == strings.Trim(y.EscapedPath(), "/") && x.RawQuery == y.RawQuery
}
