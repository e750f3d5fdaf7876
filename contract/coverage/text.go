package coverage

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxListed is how many names of one kind a text lists; the JSON and the page have
// all of them.
const maxListed = 8

// String is covered/total, or a dash when there is nothing to cover.
func (s Share) String() string {
	if s.Total == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", s.Covered, s.Total)
}

// percentage has one decimal, rounded down: 100 % means all.
func percentage(s Share) string {
	if s.Total == 0 {
		return "-"
	}
	return strconv.FormatFloat(math.Floor(10*s.percent())/10, 'f', 1, 64) + " %"
}

// Missing tells what of an operation was not covered, a line for each kind: the
// dimension, then the names, of which a long list is cut. It is nil when nothing is
// missing or all is out of reach. Names are safe for a terminal.
func (o *Operation) Missing() []string {
	all := o.Totals.sum()
	if all.Covered == all.Total {
		return nil
	}
	if o.Counted == 0 {
		return []string{"operations: never exercised, and so nothing of it"}
	}
	var lines []string
	list := func(dimension, place string, items []Item) {
		if names := missingNames(items); names != "" {
			lines = append(lines, dimension+": "+strings.TrimPrefix(place+": ", ": ")+names)
		}
	}
	var given, answered []Item
	for _, p := range o.Parameters {
		item := p.Item
		item.Name = p.In + " " + p.Name
		given = append(given, item)
	}
	list(parameters, "", given)
	for _, p := range o.Parameters {
		list(boundaries, shown(p.Name), p.Boundaries)
		list(values, shown(p.Name), p.Values)
	}
	for _, s := range o.Statuses {
		answered = append(answered, s.Item)
	}
	list(statuses, "", answered)
	body := func(place string, items []Item, of []Values) {
		list(properties, place, items)
		for _, v := range of {
			list(values, strings.TrimSuffix(place+" "+shown(v.Name), " "), v.Items)
		}
	}
	body("request", o.Properties, o.Values)
	for _, s := range o.Statuses {
		if s.Count > 0 { // else its properties go without saying
			body(shown(s.Name), s.Properties, s.Values)
		}
	}
	return lines
}

// missingNames lists the names of what is within reach and has no count.
func missingNames(items []Item) string {
	var names []string
	for _, i := range items {
		if i.Count == 0 && i.Unreachable == "" {
			names = append(names, shown(i.Name))
		}
	}
	if more := len(names) - maxListed; more > 1 {
		names = append(names[:maxListed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}

// shown makes a name of the document safe for a terminal.
func shown(name string) string {
	if printable(name) {
		return name
	}
	quoted := strconv.Quote(name)
	return quoted[1 : len(quoted)-1]
}
