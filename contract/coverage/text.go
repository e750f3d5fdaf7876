package coverage

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
)

// maxListed is how many names of one kind a text lists; the JSON and the page have
// all of them.
const maxListed = 8

// WriteText writes the numbers as a table, then what is missing and what cannot be
// reached, for a terminal. The error is that of w.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "coverage %s (%d of %d)\n", percentage(r.Covered, r.Total), r.Covered, r.Total)
	if r.Empty() {
		b.WriteString("nothing was exercised\n")
	}
	b.WriteByte('\n')
	r.table(&b)
	for i := range r.Operations {
		o := &r.Operations[i]
		for j, line := range o.Missing() {
			if j == 0 {
				fmt.Fprintf(&b, "\nmissing of %s:\n", shown(o.Method+" "+o.Path))
			}
			fmt.Fprintf(&b, "  %s\n", line)
		}
	}
	if len(r.Unreachable) > 0 {
		b.WriteString("\nout of reach, not counted:\n")
		for _, g := range r.Unreachable {
			fmt.Fprintf(&b, "  %s %s: %s (%s)\n", shown(g.Method), shown(g.Path), shown(g.What), shown(g.Reason))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) table(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "OPERATION\tCALLS\tPARAMETERS\tBOUNDARIES\tSTATUSES\tPROPERTIES\tVALUES\tCOVERED\n")
	row := func(name, calls string, totals Totals) {
		fmt.Fprintf(t, "%s\t%s", name, calls)
		for _, share := range totals.all()[1:] {
			fmt.Fprintf(t, "\t%s", share)
		}
		all := totals.sum()
		fmt.Fprintf(t, "\t%s\n", percentage(all.Covered, all.Total))
	}
	calls := int64(0)
	for i := range r.Operations {
		o := &r.Operations[i]
		calls += o.Calls
		row(shown(o.Method+" "+o.Path), strconv.FormatInt(o.Calls, 10), o.Totals)
	}
	if len(r.Operations) != 1 {
		row("all "+r.Totals.Operations.String(), strconv.FormatInt(calls, 10), r.Totals)
	}
	_ = t.Flush() // a strings.Builder does not fail
}

// String is covered/total, or a dash when there is nothing to cover.
func (s Share) String() string {
	if s.Total == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", s.Covered, s.Total)
}

// percentage has one decimal, rounded down: 100 % means all.
func percentage(covered, total int) string {
	if total == 0 {
		return "-"
	}
	return strconv.FormatFloat(math.Floor(1000*float64(covered)/float64(total))/10, 'f', 1, 64) + " %"
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
