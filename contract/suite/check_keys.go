package suite

import (
	"context"
	"fmt"

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
			look: judgeDigits,
		},
		{
			id: "restricted_permissions", severity: report.Error,
			explanation: "restricted says whether permissions bound what a key may do; where the two disagree, a reader misjudges what the key opens.",
			howToFix:    "derive both from one source: a restricted key lists its permissions, an unrestricted one has none to list",
			applies:     pages(func(l *listing) bool { return l.access }), run: everyPage("no items", base),
			look: judgePermissions,
		},
		{
			id: "unrestricted_permissions", severity: report.Warning, assumption: "unrestricted_permissions",
			explanation: "What an unrestricted key has as permissions is open; the target was said to show it in one way.",
			howToFix:    "show it as assumed, or assume what is shown",
			applies:     pagesAssumed("unrestricted_permissions", func(l *listing) bool { return l.access }),
			run:         everyPage("no unrestricted key", base),
			look:        judgeUnrestricted,
		},
	}
}

// shownDigits is how many characters of a key are shown.
const shownDigits = 4

// keysThat counts the keys of a page.
func (pg *page) keysThat(are func(k keyItem) bool) (n int) {
	for _, k := range pg.keys {
		if are(k) {
			n++
		}
	}
	return n
}

func judgeDigits(p *probe, pg *page) {
	if !p.list.lastFour || pg.keysThat(func(k keyItem) bool { return k.shows }) == 0 {
		return
	}
	text := ""
	for _, k := range pg.keys {
		if k.shows && k.digits != shownDigits {
			text = fmt.Sprintf("%d characters of a key are shown; four were to be seen", k.digits)
		}
	}
	p.judged("last_four_digits", "last_four_digits", pg, text)
}

// judgePermissions judges whether restricted and permissions agree. An unrestricted
// key may list no permissions, in whatever way, or all there are.
func judgePermissions(p *probe, pg *page) {
	if !p.list.access || pg.keysThat(func(k keyItem) bool { return k.known }) == 0 {
		return
	}
	all, text := len(p.list.permitted), ""
	bare := pg.keysThat(func(k keyItem) bool { return k.known && k.restricted && !k.list })
	listed := pg.keysThat(func(k keyItem) bool { return k.known && !k.restricted && k.list && k.count > 0 && k.count < all })
	if bare > 0 {
		text = fmt.Sprintf("%d restricted keys have no permissions; an empty list would say that they have none", bare)
	}
	if bare > 0 || listed == 0 {
		p.judged("restricted_permissions", "restricted without permissions", pg, text)
	}
	if listed > 0 {
		p.judged("restricted_permissions", "permissions without restricted", pg, fmt.Sprintf("%d keys that are not restricted list some of %d permissions", listed, all))
	}
}

func judgeUnrestricted(p *probe, pg *page) {
	want := p.assumed("unrestricted_permissions")
	if !p.list.access || want == "" || pg.keysThat(func(k keyItem) bool { return k.known && !k.restricted }) == 0 {
		return
	}
	text := ""
	if wrong := pg.keysThat(func(k keyItem) bool {
		return k.known && !k.restricted && (want == "null" && k.filled || want != "null" && (!k.list || k.count > 0))
	}); wrong > 0 {
		text = fmt.Sprintf("%d unrestricted keys show something else than %s", wrong, want)
	}
	p.judged("unrestricted_permissions", "permissions of an unrestricted key", pg, text)
}
