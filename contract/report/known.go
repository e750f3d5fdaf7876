package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Known is an entry of the known findings: this one is accepted, for a reason,
// until a day.
type Known struct {
	Fingerprint string `json:"fingerprint" yaml:"fingerprint"`
	Reason      string `json:"reason" yaml:"reason"`
	Expires     string `json:"expires,omitempty" yaml:"expires,omitempty"` // YYYY-MM-DD, the last day it holds; empty: for good
}

// Checks about the list of known findings itself. Their findings are infos.
const (
	KnownExpired = "known_finding_expired" // an entry holds no more; its finding counts again
	KnownUnused  = "known_finding_unused"  // an entry matched no finding of this run
)

// aboutKnown tells whether a check is about the list of known findings.
func aboutKnown(check string) bool { return check == KnownExpired || check == KnownUnused }

// expired tells whether the entry's last day is before today, as today's
// location has it.
func (k Known) expired(today time.Time) bool {
	return k.Expires != "" && k.Expires < today.Format(time.DateOnly)
}

// Accept marks the findings that have an entry in known; they stay visible and
// no longer count. An expired entry accepts nothing. Expired entries of findings
// that are there, and entries that matched none, are told as infos; of an empty
// run nothing can be said. Call it once, when all findings have been added and
// before [Report.Finish].
func (r *Report) Accept(known []Known, today time.Time) {
	if r.Empty() {
		return
	}
	at := make(map[string]int, len(r.Findings))
	for i := range r.Findings {
		at[r.Findings[i].Fingerprint] = i
	}
	for _, k := range known {
		i, found := at[k.Fingerprint]
		switch {
		case !found:
			r.Add(Finding{
				Check: KnownUnused, Severity: Info, Case: k.Fingerprint,
				Message:     fmt.Sprintf("the known finding %s was not found in this run (its reason: %s)", k.Fingerprint, k.Reason),
				Explanation: "An entry that matches nothing either has been mended, or belongs to another run: a fingerprint names the tool, the check, the operation and the case.",
				HowToFix:    "Remove the entry from the list of known findings if what it accepted is mended.",
			})
		case k.expired(today):
			r.Add(Finding{
				Check: KnownExpired, Severity: Info, Case: k.Fingerprint,
				Message:     fmt.Sprintf("the known finding %s is accepted no more: its last day was %s (its reason: %s)", k.Fingerprint, k.Expires, k.Reason),
				Explanation: "A finding is accepted until a day, so that somebody looks at it again.",
				HowToFix:    "Mend what was found, or give the entry a later day and say why.",
			})
		default:
			r.Findings[i].Known = &k
		}
	}
}

// todo is the reason of an entry that nobody has given one yet.
const todo = "TODO: say why this is accepted"

var fingerprintForm = regexp.MustCompile(`^[0-9a-f]{12}$`)

// ParseKnown reads a list of known findings in YAML:
//
//   - fingerprint: 3f2a9c01b2d4
//     reason: mended in the release of March, see the ticket
//     expires: 2026-03-31 # the last day it holds; left out: for good
//
// An empty file has none. name stands for the file in the error, which has all
// mistakes, one a line: unknown and repeated fields, a fingerprint that is none or
// is there twice, no reason, a day there is not.
func ParseKnown(name string, data []byte) ([]Known, error) {
	p := knownParser{name: name, lines: make(map[string]int)}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, more yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("report: %s is not YAML: %s", name, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		p.mistake(&more, "something follows the list: a file has one YAML document")
	}
	known := p.list(document.Content[0])
	if p.mistakes != nil {
		return nil, fmt.Errorf("report: the known findings cannot be read:\n%s", strings.Join(p.mistakes, "\n"))
	}
	return known, nil
}

type knownParser struct {
	name     string
	lines    map[string]int // of the fingerprints so far
	mistakes []string
}

func (p *knownParser) mistake(n *yaml.Node, format string, args ...any) {
	p.mistakes = append(p.mistakes, fmt.Sprintf("%s:%d: %s", p.name, n.Line, fmt.Sprintf(format, args...)))
}

func (p *knownParser) list(n *yaml.Node) []Known {
	switch {
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null": // nothing but comments
		return nil
	case n.Kind != yaml.SequenceNode:
		p.mistake(n, "known findings are a list: begin each with '- fingerprint: '")
		return nil
	}
	known := make([]Known, 0, len(n.Content))
	for _, entry := range n.Content {
		known = append(known, p.entry(entry))
	}
	return known
}

// entry reads one. With a mistake it is not whole, and nobody gets it.
func (p *knownParser) entry(n *yaml.Node) (k Known) {
	if n.Kind != yaml.MappingNode {
		p.mistake(n, "an entry has the fields fingerprint, reason and expires")
		return k
	}
	fields := map[string]*string{"fingerprint": &k.Fingerprint, "reason": &k.Reason, "expires": &k.Expires}
	given := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		field := fields[name.Value]
		switch {
		case field == nil:
			p.mistake(name, "there is no field %q: an entry has fingerprint, reason and expires", name.Value)
		case given[name.Value]:
			p.mistake(name, "%s is there twice; keep one", name.Value)
		case value.Kind != yaml.ScalarNode || value.ShortTag() == "!!null":
			p.mistake(value, "%s must be text", name.Value)
		default:
			*field = value.Value // as written, be it digits or a date
		}
		given[name.Value] = true
	}
	p.judge(n, k, given)
	return k
}

// judge tells what is missing or is not what it should be.
func (p *knownParser) judge(n *yaml.Node, k Known, given map[string]bool) {
	switch first := p.lines[k.Fingerprint]; {
	case !given["fingerprint"]:
		p.mistake(n, "the entry has no fingerprint: take it from a report")
	case !fingerprintForm.MatchString(k.Fingerprint):
		p.mistake(n, "a fingerprint is 12 digits of 0-9 and a-f, not %q", k.Fingerprint)
	case first > 0:
		p.mistake(n, "the fingerprint %s is there already, at line %d; keep one", k.Fingerprint, first)
	default:
		p.lines[k.Fingerprint] = n.Line
	}
	if strings.TrimSpace(k.Reason) == "" {
		p.mistake(n, "the entry has no reason: say why the finding is accepted")
	}
	if _, err := time.Parse(time.DateOnly, k.Expires); given["expires"] && err != nil {
		p.mistake(n, "expires is the last day the entry holds, such as 2026-03-31, not %q; leave it out to accept for good", k.Expires)
	}
}

// WriteKnown writes the findings of a finished report as a list of known ones, in
// their order and each with its message as a comment, so that the same run finds
// nothing that is not known. Findings that are in old keep their reason and last
// day; an expired entry keeps its reason, marked to be looked at, and gets no last day.
// The others have a reason to be filled in. What the list had to say of itself is
// left out, and so are entries of old that matched nothing.
func WriteKnown(w io.Writer, r *Report, old []Known, today time.Time) error {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range r.Findings {
		f := &r.Findings[i]
		if aboutKnown(f.Check) {
			continue
		}
		k := Known{Fingerprint: f.Fingerprint, Reason: todo}
		if i := slices.IndexFunc(old, func(o Known) bool { return o.Fingerprint == f.Fingerprint }); i >= 0 {
			k = old[i]
			if k.expired(today) {
				k.Reason, k.Expires = fmt.Sprintf("TODO: look at this again, it was accepted until %s: %s", k.Expires, k.Reason), ""
			}
		}
		list.Content = append(list.Content, k.node(f))
	}
	if len(list.Content) == 0 {
		_, err := io.WriteString(w, "[]\n")
		return err
	}
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	if err := e.Encode(list); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return e.Close()
}

// node is the entry as YAML, with what it accepts above it. Values are quoted:
// 123456789012 would be a number.
func (k Known) node(f *Finding) *yaml.Node {
	text := func(s string) *yaml.Node {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}
	}
	name := func(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: s} }
	comment := strings.Join(strings.Fields(fmt.Sprintf("%s %s %s %s:", f.Severity, f.Check, f.Operation, f.Case)), " ")
	n := &yaml.Node{Kind: yaml.MappingNode, HeadComment: "# " + oneLine(comment+" "+f.Message)}
	n.Content = []*yaml.Node{name("fingerprint"), text(k.Fingerprint), name("reason"), text(k.Reason)}
	if k.Expires != "" {
		n.Content = append(n.Content, name("expires"), text(k.Expires))
	}
	return n
}
