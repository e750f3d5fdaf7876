package coverage

import (
	_ "embed" // for the page
	"html/template"
	"io"
	"strconv"
)

//go:embed page.tmpl
var pageText string

// WriteHTML writes the report as one page that needs nothing else: no script, no
// style and no image from elsewhere. Names from the document are escaped. The
// error is that of w.
func (r *Report) WriteHTML(w io.Writer) error {
	t, err := template.New("page").Funcs(template.FuncMap{
		"percentage": func(s Share) string { return percentage(s.Covered, s.Total) },
		"width":      width,
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

// width is the length of a bar, in percent.
func width(s Share) float64 {
	if s.Total == 0 {
		return 0
	}
	return 100 * float64(s.Covered) / float64(s.Total)
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
	list := make([]namedShare, 0, 6)
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
	for _, i := range items {
		if state(i) == "missing" {
			return false
		}
	}
	return true
}

// places puts the values of a body beside its properties.
func places(properties []Item, values []Values) []place {
	var list []place
	at := map[string]int{}
	for i := range properties {
		at[properties[i].Name] = len(list)
		list = append(list, place{Path: properties[i].Name, Property: &properties[i]})
	}
	for _, v := range values {
		if i, ok := at[v.Name]; ok {
			list[i].Values = v.Items
			continue
		}
		one := place{Path: v.Name, Values: v.Items}
		if one.Path == "" {
			one.Path = "the body itself"
		}
		list = insert(list, at, one, v.Name)
	}
	return list
}

// insert puts the items of a list behind the list itself, which has no [] at the end;
// what belongs to none comes last.
func insert(list []place, at map[string]int, one place, name string) []place {
	outer := len(list)
	for len(name) > 2 && name[len(name)-2:] == "[]" {
		name = name[:len(name)-2]
		if i, ok := at[name]; ok {
			outer = i + 1
			break
		}
	}
	for path, i := range at {
		if i >= outer {
			at[path] = i + 1
		}
	}
	return append(list[:outer], append([]place{one}, list[outer:]...)...)
}
