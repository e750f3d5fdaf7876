package spec

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// reading goes through a document once, at its published nodes and its tree
// alike. It warns of what breaks the specification, writes into the tree what
// the author meant where that is clear, and keeps as faults what has no meaning.
type reading struct {
	*Document
	old      bool             // OpenAPI 3.0
	kinds    map[*node]string // what each object was read as
	pointers map[*node]string
	uses     []use
	anchors  map[string]*node // by $anchor, as #name, and by $id
	ids      map[string]*node // operations by operationId
	patterns map[string]bool
	faults   []*Error
}

// use is a reference and what stands there in the tree.
type use struct {
	ref     *node
	pointer string // of the object that holds the reference
	object  map[string]any
	kind    string
	target  *node
	err     *Error
}

// maxFaults bounds how many faults an error tells.
const maxFaults = 20

// read fills what a document says about itself and lifts its tree to 3.1.
func (d *Document) read() error {
	r := &reading{
		Document: d, old: minorOf(d.Version) == 0,
		kinds: map[*node]string{}, pointers: map[*node]string{}, anchors: map[string]*node{}, ids: map[string]*node{}, patterns: map[string]bool{},
	}
	r.object(d.root, d.Tree, "", "document")
	r.document()
	r.references()
	r.paths()
	r.move()
	d.Tree["openapi"] = liftedTo
	d.warnings = inOrder(d.warnings)
	slices.SortStableFunc(r.faults, func(a, b *Error) int { return a.Position.compare(b.Position) })
	var errs []error
	for _, e := range r.faults[:min(maxFaults, len(r.faults))] {
		errs = append(errs, e)
	}
	if more := len(r.faults) - maxFaults; more > 0 {
		errs = append(errs, fmt.Errorf("spec: and %s more", Count(more, "fault")))
	}
	return errors.Join(errs...)
}

func (r *reading) warn(at *node, pointer, rule, message, remedy string) {
	r.warnings = append(r.warnings, Warning{Position: at.position(), Pointer: pointer, Rule: rule, Message: message, HowToFix: remedy})
}

// object reads an object of a kind: see kinds.
func (r *reading) object(n *node, obj map[string]any, pointer, kind string) {
	if r.kinds[n] != "" {
		return // a reference has led here before
	}
	r.kinds[n], r.pointers[n] = kind, pointer
	if ref := n.member("$ref"); ref.text() != "" {
		r.uses = append(r.uses, use{ref: ref, pointer: pointer, object: obj, kind: kind})
		if kind == "path" && len(n.children) > 1 {
			r.warn(n, pointer, "reference-sibling", "what stands beside the `$ref` of a path item is left out", "have the publisher put all of it in one place")
		}
		if kind != "schema" {
			return
		}
	}
	if kind != "schema" {
		r.fields(n, obj, pointer, kind)
	}
	for _, e := range kinds[kind].edges {
		r.edge(n, obj, pointer, kind, e)
	}
	switch kind {
	case "schema":
		r.schema(n, obj, pointer)
	case "operation":
		r.operation(n, pointer)
	case "parameter":
		r.parameter(n, obj, pointer)
		r.noteExamples(n, pointer)
	case "header":
		r.style(n, obj, pointer, "header")
		r.noteExamples(n, pointer)
	case "media":
		r.noteExamples(n, pointer)
	case "scheme":
		r.scheme(n, pointer)
	}
}

// edge reads what hangs at one field of an object.
func (r *reading) edge(n *node, obj map[string]any, pointer, kind string, e edge) {
	child, at, v := n, pointer, any(obj)
	if e.key != "" {
		if child, v = n.member(e.key), obj[e.key]; child == nil {
			return
		}
		at = Join(pointer, e.key)
	}
	set := func(v any) { obj[e.key] = v }
	want := formObject
	switch e.shape {
	case one:
		r.child(child, v, at, e.to, set)
		return
	case list:
		want = formArray
	case mapping:
	}
	if kind == "schema" {
		set = func(any) { delete(obj, e.key) }
	}
	if !r.is(child, at, want, set) {
		return
	}
	if kind == "schema" && e.shape == list && len(child.children) == 0 {
		r.warn(child, at, "no-alternatives", fmt.Sprintf("`%s` lists nothing, and means nothing so", e.key), "leave it out")
		set(nil)
	}
	items, _ := v.([]any)
	members, _ := v.(map[string]any)
	for i, c := range child.children {
		if e.shape == list {
			r.child(c, items[i], at+"/"+strconv.Itoa(i), e.to, func(v any) { items[i] = v })
		} else if e.to == "schema" || !strings.HasPrefix(c.key, "x-") {
			r.child(c, members[c.key], Join(at, c.key), e.to, func(v any) { members[c.key] = v })
		}
	}
}

func (r *reading) child(n *node, v any, pointer, kind string, set func(any)) {
	if kind == "schema" && (n.literal == "true" || n.literal == "false") {
		return
	}
	if obj, ok := v.(map[string]any); ok {
		r.object(n, obj, pointer, kind)
		return
	}
	if kind == "schema" && n.literal != "null" && (n.form != formArray || len(n.children) > 0) {
		r.warn(n, pointer, "wrong-form", fmt.Sprintf("`%s` is no schema, which is an object: any value is taken", lastToken(pointer)), "have the publisher mend it")
		set(map[string]any{})
		return
	}
	r.is(n, pointer, formObject, set)
}

// is tells whether a value has a form. An empty one of another, which
// programs write for nothing, becomes an empty one of this form.
func (r *reading) is(n *node, pointer string, want form, set func(any)) bool {
	if n.form == want {
		return true
	}
	name, empty := "an object", any(map[string]any{})
	if want == formArray {
		name, empty = "a list", []any{}
	}
	if n.literal == "null" || (n.form == formArray || n.form == formObject) && len(n.children) == 0 {
		r.warn(n, pointer, "wrong-form", fmt.Sprintf("`%s` is %s in OpenAPI; this is read as an empty one", lastToken(pointer), name), "have the publisher write "+name+", or leave it out")
		set(empty)
		return false
	}
	e := n.fail(fmt.Sprintf("`%s` must be %s", lastToken(pointer), name), "write it as OpenAPI has it")
	e.Pointer = pointer
	r.faults = append(r.faults, e)
	return false
}

func lastToken(pointer string) string {
	if tokens := Tokens(pointer); len(tokens) > 0 {
		return tokens[len(tokens)-1]
	}
	return "the document"
}

// fields warns of members that a kind of object does not have, of null ones,
// and of what is text and was written as a number; and of what is missing.
func (r *reading) fields(n *node, obj map[string]any, pointer, kind string) {
	known := kinds[kind]
	if known.fields == nil {
		return
	}
	for _, c := range n.children {
		switch {
		case strings.HasPrefix(c.key, "x-"):
		case !known.has(c.key):
			r.warn(c, Join(pointer, c.key), "unknown-field", fmt.Sprintf("%s has no field %s: it means nothing", known.name, printable(c.key)), "mend its name, or begin it with x-")
		case r.old && slices.Contains(known.newer, c.key):
			r.warn(c, Join(pointer, c.key), "newer-field", fmt.Sprintf("`%s` of %s is of OpenAPI 3.1: it is read so", c.key, known.name), "publish the document as OpenAPI 3.1")
		case c.form == formScalar && slices.Contains(textFields, c.key):
			r.text(c, obj, Join(pointer, c.key))
		}
	}
	for _, name := range known.required {
		if n.member(name) == nil && (r.old || kind != "operation") {
			r.warn(n, pointer, "missing-field", fmt.Sprintf("%s must have `%s`, and this one has none", known.name, name), "have the publisher add it")
		}
	}
}

// text reads a scalar where text belongs.
func (r *reading) text(c *node, obj map[string]any, pointer string) {
	if c.literal == "null" {
		r.warn(c, pointer, "wrong-form", fmt.Sprintf("`%s` is null: it is read as if it were not there", c.key), "leave it out")
		delete(obj, c.key)
		return
	}
	r.warn(c, pointer, "wrong-form", fmt.Sprintf("`%s` is text, and this is none: it is read as the text %q", c.key, c.literal), "put it in quotes")
	obj[c.key] = c.literal
}

// document checks what stands at the top.
func (r *reading) document() {
	if minorOf(r.Version) > 1 {
		r.warn(r.root.member("openapi"), "/openapi", "newer-version", "OpenAPI "+r.Version+" is read as 3.1: what is new in it means nothing here", "nothing is to be done, unless the API needs what is new")
	}
	content := []string{"paths", "components", "webhooks"}
	if !slices.ContainsFunc(content, func(k string) bool { return r.root.member(k) != nil }) || r.old && r.root.member("paths") == nil {
		r.warn(r.root, "", "missing-field", "the document must have `paths`, and this one has none", "have the publisher add it")
	}
	if d := r.root.member("jsonSchemaDialect"); d.text() != "" && !knownDialect(d.text()) {
		r.otherDialect(d, "/jsonSchemaDialect")
		delete(r.Tree, "jsonSchemaDialect")
	}
	r.security(r.root, "")
	components := r.root.member("components")
	for _, section := range components.members() {
		for _, c := range section.members() {
			if !strings.HasPrefix(section.key, "x-") && strings.ContainsFunc(c.key, outsideNames) {
				r.warn(c, Join("/components", section.key, c.key), "component-name", "a component's name has letters, digits, dots, hyphens and underscores of ASCII alone", "have the publisher rename it")
			}
		}
	}
}

func (r *reading) otherDialect(n *node, pointer string) {
	r.warn(n, pointer, "other-dialect", fmt.Sprintf("schemas of %s are read as JSON Schema 2020-12", printable(n.text())), "have the publisher say 2020-12, or leave it out")
}

func knownDialect(dialect string) bool {
	dialect = strings.TrimSuffix(dialect, "#")
	return dialect == "https://spec.openapis.org/oas/3.1/dialect/base" || dialect == "https://json-schema.org/draft/2020-12/schema"
}

// outsideNames is what OpenAPI 3.1, 4.8.7.1, keeps out of component names.
func outsideNames(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("._-", c)
}

func (r *reading) operation(n *node, pointer string) {
	if id := n.member("operationId"); id.text() != "" {
		if first := r.ids[id.text()]; first != nil {
			r.warn(id, Join(pointer, "operationId"), "operation-id-twice", fmt.Sprintf("operationId %s stands twice, first at %s", printable(id.text()), first.position()), "have the publisher give each operation its own")
		} else {
			r.ids[id.text()] = id
		}
	}
	if body := n.member("requestBody"); body != nil && slices.Contains([]string{"get", "head", "delete", "trace"}, n.key) {
		r.warn(body, Join(pointer, "requestBody"), "body-without-meaning", fmt.Sprintf("the body of a %s has no meaning in HTTP: servers and proxies may refuse or drop it", strings.ToUpper(n.key)), "have the publisher send it by another method")
	}
	answers := n.member("responses")
	if answers != nil && len(answers.children) == 0 {
		r.warn(answers, Join(pointer, "responses"), "missing-field", "an operation must document an answer, and this one has none", "have the publisher add it")
	}
	for _, c := range answers.members() {
		if status := strings.ToUpper(c.key); !strings.HasPrefix(c.key, "x-") && c.key != "default" && !isStatus(status) {
			r.warn(c, Join(pointer, "responses", c.key), "status", fmt.Sprintf("%s is no status: no answer has it", printable(c.key)), "write three digits, one digit and XX, or default")
		}
	}
	r.security(n, pointer)
}

// isStatus is a status code or a range of them (OpenAPI 3.1, 4.8.16).
func isStatus(s string) bool {
	digit := func(c byte) bool { return c >= '0' && c <= '9' }
	return len(s) == 3 && s[0] >= '1' && s[0] <= '5' && (s[1:] == "XX" || digit(s[1]) && digit(s[2]))
}

func (r *reading) security(n *node, pointer string) {
	for i, alternative := range n.member("security").items() {
		for _, scheme := range alternative.members() {
			if r.root.member("components").member("securitySchemes").member(scheme.key) == nil {
				r.warn(scheme, Join(pointer, "security", strconv.Itoa(i), scheme.key), "unknown-security", fmt.Sprintf("no security scheme is named %s: any credential is taken for it", printable(scheme.key)), "have the publisher define it in components.securitySchemes")
			}
		}
	}
}

// scheme warns of what a security scheme of its type must say.
func (r *reading) scheme(n *node, pointer string) {
	needs := map[string][]string{"apiKey": {"name", "in"}, "http": {"scheme"}, "oauth2": {"flows"}, "openIdConnect": {"openIdConnectUrl"}, "mutualTLS": nil}
	kind := n.member("type").text()
	wanted, known := needs[kind]
	if !known && n.member("type") != nil {
		r.warn(n, pointer, "security-scheme", fmt.Sprintf("%s is no type of security scheme: any credential is taken for it", printable(kind)), "have the publisher mend it")
	}
	for _, name := range wanted {
		if n.member(name) == nil {
			r.warn(n, pointer, "missing-field", fmt.Sprintf("a security scheme of type %s must have `%s`, and this one has none", kind, name), "have the publisher add it")
		}
	}
}

// parameter reads a parameter; only its name and place can make it useless.
func (r *reading) parameter(n *node, obj map[string]any, pointer string) {
	in := n.member("in").text()
	if styles[in] == nil && n.member("in") != nil {
		r.warn(n, pointer, "parameter-place", fmt.Sprintf("no parameter stands in %s: it is left out", printable(in)), "have the publisher write query, path, header or cookie, or a requestBody")
	}
	r.style(n, obj, pointer, in)
	if in == "path" && obj["required"] != true {
		r.warn(n, pointer, "path-parameter-required", "a parameter in the path must say required: true, and is required in any case", "have the publisher add it")
		obj["required"] = true
	}
	if content := n.member("content"); len(content.members()) > 1 {
		r.warn(content, Join(pointer, "content"), "parameter-content", "a parameter has one media type: the first is taken", "have the publisher leave one")
	} else if n.member("schema") == nil && content == nil {
		r.warn(n, pointer, "missing-field", "a parameter must have a schema or content: any value is taken", "have the publisher add it")
	}
}

// styles are those of the places of parameters (OpenAPI 3.1, 4.8.12.2), the default first.
var styles = map[string][]string{
	"query": {"form", "spaceDelimited", "pipeDelimited", "deepObject"}, "path": {"simple", "label", "matrix"}, "header": {"simple"}, "cookie": {"form"},
}

// style drops the style of a parameter or header that its place does not have.
func (r *reading) style(n *node, obj map[string]any, pointer, in string) {
	style, allowed := n.member("style"), styles[in]
	if style != nil && allowed != nil && !slices.Contains(allowed, style.text()) {
		r.warn(style, Join(pointer, "style"), "parameter-style", fmt.Sprintf("style %s is not for a parameter in %s: %s is taken", printable(style.text()), in, allowed[0]), "have the publisher write one that is")
		delete(obj, "style")
	}
}
