package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// paths checks path templates, and that operations declare the parameters that
// their path has and no others there.
func (r *reading) paths() {
	templates := map[string]*node{}
	for _, item := range r.root.member("paths").members() {
		if strings.HasPrefix(item.key, "x-") {
			continue
		}
		at := Join("/paths", item.key)
		shape, names := numbered(item.key)
		switch first := templates[shape]; {
		case !strings.HasPrefix(item.key, "/"):
			r.warn(item, at, "path-slash", "a path begins with a slash: this one is read as if it did", "have the publisher add it")
		case strings.ContainsAny(item.key, "?#"):
			r.warn(item, at, "path-query", "a path ends before ? and #: no request has what follows in its path, so none is for this one", "have the publisher document the query as parameters")
		case strings.Count(item.key, "{") != len(names) || strings.Count(item.key, "}") != len(names):
			r.warn(item, at, "path-braces", "a brace stands alone: it is read as itself", "have the publisher close the parameter's name")
		case first != nil:
			r.warn(item, at, "paths-of-one-shape", fmt.Sprintf("%s at %s differs in the names of parameters alone: both are one path, and each operation keeps its names", printable(first.key), first.position()), "have the publisher use one template")
		}
		if templates[shape] == nil {
			templates[shape] = item
		}
		for i, name := range names {
			if slices.Contains(names[:i], name) {
				r.warn(item, at, "path-braces", fmt.Sprintf("the parameter %s stands twice in the path: the last is taken", printable(name)), "have the publisher name each its own")
			}
		}
		r.pathParameters(item, at, names)
	}
}

// pathParameters compares the names in a path with what its operations declare.
func (r *reading) pathParameters(item *node, at string, names []string) {
	if target := r.follow(item); target != item {
		item, at = target, r.pointers[target]
	}
	shared := r.checkDeclared(item, at, names)
	for _, operation := range item.members() {
		if operation.form != formObject || !slices.Contains(Methods(), operation.key) {
			continue
		}
		here := Join(at, operation.key)
		declared := append(r.checkDeclared(operation, here, names), shared...)
		for _, name := range names {
			if slices.Contains(declared, name) {
				continue
			}
			r.warn(operation, here, "path-parameter-undeclared", fmt.Sprintf("the path has {%s} and the operation does not declare it: any text that is not empty is taken", name), "have the publisher declare it")
			declared = append(declared, name)
			tree := r.Document.object(here)
			list, _ := tree["parameters"].([]any)
			tree["parameters"] = append(list, map[string]any{"name": name, "in": "path", "required": true, "schema": map[string]any{"type": "string", "minLength": 1}})
		}
	}
}

// checkDeclared returns the path parameters that an object declares, and warns
// of those that its path does not have, and of any declared twice.
func (r *reading) checkDeclared(n *node, at string, names []string) []string {
	var declared []string
	seen := map[string]bool{}
	for i, p := range n.member("parameters").items() {
		target := r.follow(p)
		name, in := target.member("name").text(), target.member("in").text()
		here := Join(at, "parameters", strconv.Itoa(i))
		if in == "header" {
			name = strings.ToLower(name)
		}
		if name != "" && seen[in+" "+name] {
			r.warn(p, here, "parameter-twice", fmt.Sprintf("the parameter %s in %s stands twice in one list: the last is taken", printable(name), in), "have the publisher leave one")
		}
		seen[in+" "+name] = true
		if in != "path" {
			continue
		}
		declared = append(declared, name)
		if !slices.Contains(names, name) {
			r.warn(p, here, "path-parameter-unknown", fmt.Sprintf("the path has no {%s}: the parameter is left out", name), "have the publisher add it to the path, or remove it")
		}
	}
	return declared
}

// follow goes where references lead.
func (r *reading) follow(n *node) *node {
	for range maxReferences {
		next := r.named(n.member("$ref").text())
		if n.member("$ref").text() == "" || next == nil {
			break
		}
		n = next
	}
	return n
}
