package coverage

import (
	"cmp"
	_ "embed" // for the page
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
)

//go:embed page.tmpl
var pageText string

// WriteHTML writes the report as one page that needs nothing else: no script, no
// style and no image from elsewhere. Names from the document are escaped. The
// error is that of w.
func (r *Report) WriteHTML(w io.Writer) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"percentage": percentage,
		"width":      Share.percent,
		"state":      state,
		"places":     places,
		"shares":     shares,
		"sum":        func(t Totals) Share { return t.sum() },
		"all":        func(r *Report) Share { return Share{r.Covered, r.Total} },
		"anchor":     func(i int) string { return "operation-" + strconv.Itoa(i+1) },
		"whole":      complete,
		"shown":      shown,
	}).Parse(pageText)
	if err != nil {
		return err
	}
	return t.Execute(w, r)
}

// state is the class of an item: covered, missing, or apart when it is out of reach.
func state(i Item) string {
	switch {
	case i.Unreachable != "":
		return "apart"
	case i.Count > 0:
		return "covered"
	}
	return "missing"
}

// namedShare is a dimension with its numbers.
type namedShare struct {
	Name string
	Share
}

func shares(t Totals) []namedShare {
	var list []namedShare
	for i, share := range t.all() {
		list = append(list, namedShare{dimensions()[i], *share})
	}
	return list
}

// place is one line about a body: a property, the values there, or both.
type place struct {
	Path     string
	Property *Item
	Values   []Item
}

// Whole tells whether nothing of it is missing.
func (p place) Whole() bool {
	return (p.Property == nil || state(*p.Property) != "missing") && complete(p.Values)
}

func complete(items []Item) bool {
	return !slices.ContainsFunc(items, func(i Item) bool { return state(i) == "missing" })
}

// places puts the values of a body beside its properties.
func places(properties []Item, values []Values) []place {
	var list []place
	for i := range properties {
		list = append(list, place{Path: properties[i].Name, Property: &properties[i]})
	}
	for _, v := range values {
		at := placeOf(list, v.Name)
		if at < 0 { // items stand behind their list, which has no [] at the end; what belongs to none comes last
			outer := v.Name
			for at < 0 && len(outer) > 2 && strings.HasSuffix(outer, "[]") {
				outer = strings.TrimSuffix(outer, "[]")
				at = placeOf(list, outer)
			}
			if at++; at == 0 {
				at = len(list)
			}
			list = slices.Insert(list, at, place{Path: cmp.Or(v.Name, "the body itself")})
		}
		list[at].Values = v.Items
	}
	return list
}

func placeOf(list []place, path string) int {
	return slices.IndexFunc(list, func(p place) bool { return p.Path == path })
}
