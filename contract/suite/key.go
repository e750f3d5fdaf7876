package suite

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/tidwall/gjson"

	"github.com/digakit/digakit/contract/report"
)

// keyChecks are about items that are keys: they have last_four_digits,
// permissions, restricted.
func keyChecks() []check {
	base := func(ctx context.Context, p *probe) error {
		_, err := p.base(ctx, p.list.main())
		return err
	}
	return []check{
		{
			id: "last_four_digits", severity: report.Error,
			explanation: "A person tells keys apart by their last four characters; more of them give the key away, fewer tell nothing.",
			howToFix:    "store the last four characters when the key is made, and show just these",
			applies:     pages(func(l *listing) bool { return l.lastFour }), run: everyPage("no items", base),
		},
		{
			id: "restricted_permissions", severity: report.Error,
			explanation: "restricted says whether permissions bound what a key may do; where the two disagree, a reader misjudges what the key opens.",
			howToFix:    "derive both from one source: a restricted key lists its permissions, an unrestricted one has none to list",
			applies:     pages(func(l *listing) bool { return l.access }), run: everyPage("no items", base),
		},
		{
			id: "unrestricted_permissions", severity: report.Warning, assumption: "unrestricted_permissions",
			explanation: "What an unrestricted key has as permissions is open; the target was said to show it in one way.",
			howToFix:    "show it as assumed, or assume what is shown",
			applies:     pagesAssumed("unrestricted_permissions", func(l *listing) bool { return l.access }),
			run:         everyPage("no unrestricted key", base),
		},
	}
}

// shownDigits is how many characters of a key are shown.
const shownDigits = 4

// keyItem is what an item of a page shows of a key.
type keyItem struct {
	shows             bool // last_four_digits
	digits            int  // how many characters that are
	known, restricted bool // known: restricted is a boolean
	list, filled      bool // permissions is a list; is neither missing nor null
	count             int  // of the permissions
}

// decode reads a property of the item.
func (k *keyItem) decode(name string, value gjson.Result) {
	switch name {
	case "last_four_digits":
		k.shows, k.digits = true, utf8.RuneCountInString(value.Str)
	case "restricted":
		k.known, k.restricted = value.IsBool(), value.Bool()
	case "permissions":
		k.filled, k.list = value.Type != gjson.Null, value.IsArray()
		value.ForEach(func(_, _ gjson.Result) bool { k.count++; return true })
	}
}

// judgeKeys judges the keys of a page. An unrestricted key may list no
// permissions, in whatever way, or all there are.
func (p *probe) judgeKeys(pg *page) {
	count := func(is func(k keyItem) bool) (n int) {
		for _, k := range pg.keys {
			if is(k) {
				n++
			}
		}
		return n
	}
	judged := func(id, name string, bad int, format string, args ...any) {
		text := ""
		if bad > 0 {
			text = fmt.Sprintf(format, args...)
		}
		p.judged(id, name, pg, text)
	}
	if p.list.lastFour && count(func(k keyItem) bool { return k.shows }) > 0 {
		length := 0
		off := count(func(k keyItem) bool {
			if k.shows && k.digits != shownDigits {
				length = k.digits
			}
			return k.shows && k.digits != shownDigits
		})
		judged("last_four_digits", "last_four_digits", off, "%d characters of a key are shown; four were to be seen", length)
	}
	if !p.list.access || count(func(k keyItem) bool { return k.known }) == 0 {
		return
	}
	all := len(p.list.permitted)
	bare := count(func(k keyItem) bool { return k.known && k.restricted && !k.list })
	listed := count(func(k keyItem) bool { return k.known && !k.restricted && k.list && k.count > 0 && k.count < all })
	if bare > 0 || listed == 0 {
		judged("restricted_permissions", "restricted without permissions", bare,
			"%d restricted keys have no permissions; an empty list would say that they have none", bare)
	}
	if listed > 0 {
		judged("restricted_permissions", "permissions without restricted", listed, "%d keys that are not restricted list some of %d permissions", listed, all)
	}
	want := p.assumed("unrestricted_permissions")
	if want == "" || count(func(k keyItem) bool { return k.known && !k.restricted }) == 0 {
		return
	}
	wrong := count(func(k keyItem) bool {
		return k.known && !k.restricted && (want == "null" && k.filled || want != "null" && (!k.list || k.count > 0))
	})
	judged("unrestricted_permissions", "permissions of an unrestricted key", wrong, "%d unrestricted keys show something else than %s", wrong, want)
}
