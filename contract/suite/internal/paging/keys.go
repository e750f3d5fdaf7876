package paging

import (
	"fmt"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// shownDigits is how many characters of a key are shown.
const shownDigits = 4

func judgeDigits(p *pager, pg *page) {
	if !p.list.lastFour {
		return
	}
	shows, text := false, ""
	for _, key := range pg.shown() {
		digits := key.Get("last_four_digits")
		shows = shows || digits.Exists()
		if n := utf8.RuneCountInString(digits.Str); digits.Exists() && n != shownDigits {
			text = fmt.Sprintf("%d characters of a key are shown; four were to be seen", n)
		}
	}
	if shows {
		p.judged("last_four_digits", "last_four_digits", pg, text)
	}
}

// judgePermissions judges whether restricted and permissions agree. An unrestricted
// key may list no permissions, in whatever way, or all there are.
func judgePermissions(p *pager, pg *page) {
	if !p.list.access {
		return
	}
	known, bare, listed, all := 0, 0, 0, len(p.list.permitted)
	for _, key := range pg.shown() {
		restricted, permissions := key.Get("restricted"), key.Get("permissions")
		n := len(permissions.Array())
		switch {
		case !restricted.IsBool():
			continue
		case restricted.Bool() && !permissions.IsArray():
			bare++
		case !restricted.Bool() && permissions.IsArray() && n > 0 && n < all:
			listed++
		}
		known++
	}
	text := ""
	if bare > 0 {
		text = fmt.Sprintf("%d restricted keys have no permissions; an empty list would say that they have none", bare)
	}
	if known > 0 && (bare > 0 || listed == 0) {
		p.judged("restricted_permissions", "restricted without permissions", pg, text)
	}
	if listed > 0 {
		p.judged("restricted_permissions", "permissions without restricted", pg, fmt.Sprintf("%d keys that are not restricted list some of %d permissions", listed, all))
	}
}

func judgeUnrestricted(p *pager, pg *page) {
	want := p.Assumed("unrestricted_permissions")
	if !p.list.access || want == "" {
		return
	}
	there, wrong := false, 0
	for _, key := range pg.shown() {
		restricted, permissions := key.Get("restricted"), key.Get("permissions")
		if !restricted.IsBool() || restricted.Bool() {
			continue
		}
		there = true
		if want == "null" && permissions.Type != gjson.Null || want != "null" && (!permissions.IsArray() || len(permissions.Array()) > 0) {
			wrong++
		}
	}
	text := ""
	if wrong > 0 {
		text = fmt.Sprintf("%d unrestricted keys show something else than %s", wrong, want)
	}
	if there {
		p.judged("unrestricted_permissions", "permissions of an unrestricted key", pg, text)
	}
}
