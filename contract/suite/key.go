package suite

import (
	"context"
	"unicode/utf8"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/report"
)

// keyChecks are about items that are keys: they have last_four_digits,
// permissions, restricted.
func keyChecks() []check {
	base := func(ctx context.Context, r *round) error {
		_, err := r.base(ctx, r.list.main())
		return err
	}
	return []check{
		{
			id: "last_four_digits", severity: report.Error,
			explanation: "A person tells keys apart by their last four characters; more of them give the key away, fewer tell nothing.",
			howToFix:    "store the last four characters when the key is made, and show just these",
			applies:     pages(func(l *listing) bool { return l.lastFour }),
			run:         everyPage("no items", base),
		},
		{
			id: "restricted_permissions", severity: report.Error,
			explanation: "restricted says whether permissions bound what a key may do; where the two disagree, a reader misjudges what the key opens.",
			howToFix:    "derive both from one source: a restricted key lists its permissions, an unrestricted one has none to list",
			applies:     pages(func(l *listing) bool { return l.access }),
			run:         everyPage("no items", base),
		},
		{
			id: "unrestricted_permissions", severity: report.Warning, assumption: "unrestricted_permissions",
			explanation: "What an unrestricted key has as permissions is open; the target was said to show it in one way.",
			howToFix:    "show it as assumed, or assume what is shown",
			applies: func(s *session, o *contract.Operation) bool {
				return s.target.Assume["unrestricted_permissions"] != "" && pages(func(l *listing) bool { return l.access })(s, o)
			},
			run: everyPage("no unrestricted key", base),
		},
	}
}

// shownDigits is how many characters of a key are shown.
const shownDigits = 4

// keyFacts is what a page shows of the keys on it.
type keyFacts struct {
	digits, digitsOff, length int // how many show digits, how many not four, and the first such number
	judged, bare, listed      int // how many say whether they are restricted; restricted without a list; unrestricted with some
	open, filled, notEmpty    int // unrestricted; of these with permissions not null, and with others than an empty list
}

func (k *keyFacts) shown(digits string) {
	k.digits++
	if n := utf8.RuneCountInString(digits); n != shownDigits {
		k.digitsOff, k.length = k.digitsOff+1, n
	}
}

// allows notes what one key says of its permissions. An unrestricted key may
// list none, in whatever way, or all there are.
func (k *keyFacts) allows(a access, all int) {
	k.judged++
	switch {
	case a.restricted && !a.list:
		k.bare++
	case !a.restricted && a.list && a.count > 0 && a.count < all:
		k.listed++
	}
	if a.restricted {
		return
	}
	k.open++
	if a.filled {
		k.filled++
	}
	if !a.list || a.count > 0 {
		k.notEmpty++
	}
}

// judgeKeys judges the keys of a page.
func (w *world) judgeKeys(pg *page) {
	k := &pg.keys
	rule := func(id, name string, bad int, format string, args ...any) bool {
		if bad == 0 {
			return false
		}
		f := flawed(pg, format, args...)
		f.name = name
		w.told(id, f)
		return true
	}
	if w.list.lastFour && k.digits > 0 &&
		!rule("last_four_digits", "last_four_digits", k.digitsOff, "%d characters of a key are shown; four were to be seen", k.length) {
		w.told("last_four_digits", nil)
	}
	if !w.list.access || k.judged == 0 {
		return
	}
	bare := rule("restricted_permissions", "restricted without permissions", k.bare,
		"%d restricted keys have no permissions; an empty list would say that they have none", k.bare)
	listed := rule("restricted_permissions", "permissions without restricted", k.listed,
		"%d keys that are not restricted list some of %d permissions", k.listed, len(w.list.permitted))
	if !bare && !listed {
		w.told("restricted_permissions", nil)
	}
	var wrong int
	want := w.session.target.Assume["unrestricted_permissions"]
	switch {
	case want == "" || k.open == 0:
		return
	case want == "null":
		wrong = k.filled
	default:
		wrong = k.notEmpty
	}
	if !rule("unrestricted_permissions", "permissions of an unrestricted key", wrong, "%d unrestricted keys show something else than %s", wrong, want) {
		w.told("unrestricted_permissions", nil)
	}
}
