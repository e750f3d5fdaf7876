package paging

import "fmt"

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

func judgeDigits(p *pager, pg *page) {
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
func judgePermissions(p *pager, pg *page) {
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

func judgeUnrestricted(p *pager, pg *page) {
	want := p.Assumed("unrestricted_permissions")
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
