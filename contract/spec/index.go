package spec

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
)

// linkPattern is a link of a list item, as llms.txt has them.
var linkPattern = regexp.MustCompile(`(?m)^[ \t]*[-*+][ \t]+\[[^\]\n]*\]\(([^)\s]+)\)`)

// isIndex says whether an address or path names an index of docs pages.
func isIndex(name string) bool {
	return strings.EqualFold(path.Base(strings.ReplaceAll(name, `\`, "/")), "llms.txt")
}

// loadIndex loads the pages of its own origin that an llms.txt index lists, maxPages of
// them at most. Pages without a fragment are left.
func (l *loader) loadIndex(ctx context.Context, index *url.URL, data []byte) error {
	name := shown(index)
	in, err := newInput(name, data)
	if err != nil {
		return err
	}
	pages, elsewhere := pagesOf(index, string(in.text))
	if len(pages) == 0 {
		return in.fail(1, "the index lists no page of its own host", "give the address of a docs page or of the OpenAPI document")
	}
	before, left := len(l.parts), slices.Clone(l.left) // what is left of each page is not told
	if elsewhere > 0 {
		left = append(left, fmt.Sprintf("%s: %s to other hosts", name, Count(elsewhere, "link")))
	}
	if rest := len(pages) - l.maxPages; rest > 0 {
		pages = pages[:l.maxPages]
		left = append(left, fmt.Sprintf("%s: the last %s, beyond the limit of %d", name, Count(rest, "page"), l.maxPages))
	}
	bare := 0
	for i, address := range pages {
		l.progress(fmt.Sprintf("page %d of %d", i+1, len(pages)))
		data, _, err := l.fetch(ctx, address, true)
		if err != nil {
			return err
		}
		if err = l.read(shown(address), data); errors.Is(err, errNotOpenAPI) {
			bare++
		} else if err != nil {
			return err
		}
	}
	if bare > 0 {
		left = append(left, fmt.Sprintf("%s: %s without OpenAPI", name, Count(bare, "page")))
	}
	if len(l.parts) == before {
		return in.fail(1, "none of the index's pages shows a fragment of an OpenAPI document", "give the address of the OpenAPI document")
	}
	l.left = left
	return nil
}

// pagesOf returns the addresses an index lists on its own origin, each once, and
// how many others.
func pagesOf(index *url.URL, text string) (pages []*url.URL, elsewhere int) {
	seen := map[string]bool{index.String(): true}
	for _, m := range linkPattern.FindAllStringSubmatch(text, -1) {
		address, err := index.Parse(m[1])
		if err != nil || origin(address) != origin(index) {
			elsewhere++
			continue
		}
		address.Fragment = ""
		if !seen[address.String()] && !isIndex(address.Path) {
			seen[address.String()] = true
			pages = append(pages, address)
		}
	}
	return pages, elsewhere
}
