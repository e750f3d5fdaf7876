package drift

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// document compares the roots of two documents.
func (c *comparison) document(a, b *spec.Node) {
	c.info(a, b)
	c.servers(a, b)
	c.items(a.Member("paths"), b.Member("paths"), a)
	if c.partial {
		return // a page shows an operation, not the lists a document begins with
	}
	c.flipped = true
	c.items(a.Member("webhooks"), b.Member("webhooks"), a)
	c.flipped = false
	if ta, tb := a.Member("tags"), b.Member("tags"); !c.equality.Equal(ta, tb) {
		c.add(difference{rule: "api-info-changed", a: ta, b: tb, in: a, inB: b, keyword: "tags", detail: "tags", message: "what the document says of its tags changed"})
	}
	c.rest(a, b, "info", "servers", "paths", "webhooks", "tags")
}

func (c *comparison) info(a, b *spec.Node) {
	ia, ib := a.Member("info"), b.Member("info")
	for _, k := range union(ia.Keys(), ib.Keys()) {
		ma, mb := ia.Member(k), ib.Member(k)
		if c.equality.Equal(ma, mb) || c.partial && mb == nil {
			continue
		}
		rule := "api-info-changed"
		if k == "version" {
			rule = "api-version-changed"
		}
		c.add(difference{rule: rule, a: ma, b: mb, in: ia, inB: ib, keyword: k, detail: k, message: k + " of the API " + became(ma, mb)})
	}
}

// items compares path items by their templates.
func (c *comparison) items(a, b, in *spec.Node) {
	var gone, fresh []string
	for _, k := range union(a.Keys(), b.Keys()) {
		ma, mb := a.Member(k), b.Member(k)
		switch {
		case strings.HasPrefix(k, "x-"):
			c.member(k, a, b)
		case ma == nil:
			fresh = append(fresh, k)
		case mb == nil:
			if !c.partial {
				gone = append(gone, k)
			}
		default:
			c.item(nameOf(ma, k), ma, mb)
		}
	}
	renamed := renames(gone, fresh, func(from, to string) bool { return sameIDs(a.Member(from), b.Member(to)) })
	for from, to := range renames(gone, fresh, func(from, to string) bool { return c.sameItem(a.Member(from), b.Member(to)) }) {
		if renamed[from] == "" && !slices.Contains(valuesOf(renamed), to) {
			renamed[from] = to
		}
	}
	for _, from := range gone {
		ma := a.Member(from)
		name := nameOf(ma, from)
		to, ok := renamed[from]
		if !ok {
			rule, what := "api-path-removed-without-deprecation", "path "
			if c.flipped {
				rule, what = "webhook-removed", "webhook "
			}
			c.add(difference{rule: rule, a: ma, inB: b, message: what + name + " was removed (" + methodNames(ma) + ")"})
			continue
		}
		mb := b.Member(to)
		c.add(difference{
			rule: "api-path-renamed", a: ma, b: mb, detail: to,
			message: "path " + name + " is now " + nameOf(mb, to),
		})
		c.item(name, ma, mb)
		fresh = slices.DeleteFunc(fresh, func(k string) bool { return k == to })
	}
	if a == nil {
		a = in
	}
	for _, k := range fresh {
		mb := b.Member(k)
		if c.flipped {
			c.add(difference{rule: "webhook-added", b: mb, in: a, detail: k, message: "webhook " + k + " was added"})
			continue
		}
		for _, method := range methodsOf(mb) {
			c.added(nameOf(mb, k), method, mb.Member(method), a)
		}
		if len(methodsOf(mb)) == 0 {
			c.add(difference{rule: "other-changed", b: mb, in: a, detail: k, message: "path " + nameOf(mb, k) + " was added, without operations"})
		}
	}
}

// item compares the operations of a path.
func (c *comparison) item(path string, a, b *spec.Node) {
	if c.same(a, b) {
		for _, method := range methodsOf(a) {
			c.operation(path, method, a.Member(method), b.Member(method))
		}
		return
	}
	c.enter(a, b, response, func() {
		var gone, fresh []string
		for _, method := range spec.Methods() {
			oa, ob := a.Member(method), b.Member(method)
			switch {
			case oa == nil && ob == nil:
			case oa == nil:
				fresh = append(fresh, method)
			case ob == nil:
				if !c.partial {
					gone = append(gone, method)
				}
			default:
				c.operation(path, method, oa, ob)
			}
		}
		renamed := renames(gone, fresh, func(from, to string) bool {
			return sameID(a.Member(from), b.Member(to)) || c.sameOperation(a.Member(from), b.Member(to))
		})
		for _, from := range gone {
			to, ok := renamed[from]
			oa := a.Member(from)
			if !ok {
				c.removed(path, from, oa, b)
				continue
			}
			c.add(difference{
				rule: "api-method-changed", a: oa, b: b.Member(to), detail: to,
				message: strings.ToUpper(from) + " " + path + " is now " + strings.ToUpper(to) + " " + path,
			})
			c.operation(path, from, oa, b.Member(to))
			fresh = slices.DeleteFunc(fresh, func(m string) bool { return m == to })
		}
		for _, method := range fresh {
			c.added(path, method, b.Member(method), a)
		}
		c.servers(a, b)
		if c.partial {
			return
		}
		c.rest(a, b, append(spec.Methods(), "servers")...)
	})
}

func (c *comparison) added(path, method string, b, in *spec.Node) {
	c.addTo(&scope{operation: operationName(b, method, path), method: strings.ToUpper(method), path: path}, difference{
		rule: "endpoint-added", b: b, in: in, detail: method + " " + path,
		message: strings.ToUpper(method) + " " + path + " was added",
	})
}

func (c *comparison) removed(path, method string, a, in *spec.Node) {
	c.addTo(&scope{operation: operationName(a, method, path), method: strings.ToUpper(method), path: path}, difference{
		rule: "api-removed-without-deprecation", a: a, inB: in,
		message: strings.ToUpper(method) + " " + path + " was removed",
	})
}

func operationName(op *spec.Node, method, path string) string {
	if id := op.Member("operationId").Text(); id != "" {
		return id
	}
	return strings.ToUpper(method) + " " + path
}

func nameOf(n *spec.Node, key string) string {
	if n.Name() != "" {
		return n.Name()
	}
	return key
}

func methodsOf(item *spec.Node) []string {
	var methods []string
	for _, m := range spec.Methods() {
		if item.Member(m) != nil {
			methods = append(methods, m)
		}
	}
	return methods
}

func methodNames(item *spec.Node) string {
	return strings.ToUpper(strings.Join(methodsOf(item), ", "))
}
