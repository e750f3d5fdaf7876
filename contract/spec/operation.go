package spec

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// security is what the operation asks for: its own `security`, else that of the
// document; nil when that is nothing. The alternatives are keyed by their schemes.
func (n *normaliser) security(operation map[string]any, at string) *Node {
	v, ok := operation["security"]
	at = Join(at, "security")
	if !ok {
		v, at = n.doc.Tree["security"], "/security"
	}
	alternatives, _ := v.([]any)
	made := map[string]*Node{}
	for i, a := range alternatives {
		one := n.mapping(a, Join(at, itoa(i)), n.requirement)
		schemes := strings.Join(one.Keys(), " and ")
		for schemes != "" && made[schemes] != nil { // the same with other scopes
			schemes += " "
		}
		made[schemes] = one
	}
	if len(made) == 0 || len(made) == 1 && made[""] != nil {
		return nil
	}
	return newObject(at, made)
}

func (n *normaliser) requirement(scopes any, at string) *Node {
	members := map[string]*Node{}
	if set := n.set(scopes, at); set != nil {
		members["scopes"] = set
	}
	if used := n.target("scheme", "#"+Join("/components/securitySchemes", lastToken(at))); used != nil {
		members["scheme"] = used
	}
	return newObject(at, members)
}

// parameters are keyed by place and name: an operation cannot have two of one
// (OpenAPI 3.1, Operation Object). Nil when there are none.
func (n *normaliser) parameters(v any, at string) *Node {
	made := map[string]*Node{}
	list, _ := v.([]any)
	for i, p := range list {
		node := n.deref("parameter", p, Join(at, itoa(i)))
		in, name := node.Member("in").Text(), node.Member("name").Text()
		own := *node.Only(func(k string) bool { return k != "in" && k != "name" && (in != "path" || k != "required") })
		own.name = name
		if in == "header" {
			name = strings.ToLower(name)
		}
		made[in+" "+name] = &own
	}
	if len(made) == 0 {
		return nil
	}
	return newObject(at, made)
}

// object makes an object of a kind of OpenAPI.
func (n *normaliser) object(kind string, v any, at string) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return n.value(v, at)
	}
	members := map[string]*Node{}
	for _, k := range sortedKeys(obj) {
		if made := n.field(kind, k, obj[k], Join(at, k)); made != nil {
			members[k] = made
		}
	}
	switch kind {
	case "path":
		shared := members["parameters"]
		delete(members, "parameters")
		for _, method := range Methods() {
			if operation := members[method]; operation.IsObject() && shared != nil {
				own := newObject(shared.at, maps.Clone(shared.members))
				if given := operation.members["parameters"]; given != nil {
					maps.Copy(own.members, given.members)
				}
				operation.members["parameters"] = own
			}
		}
	case "operation":
		delete(members, "security")
		if requirements := n.security(obj, at); requirements != nil {
			members["security"] = requirements
		}
	case "parameter", "header":
		style := "simple" // also that of headers, which have no `in`
		if in := members["in"].Text(); in == "query" || in == "cookie" {
			style = "form"
		}
		used := cmp.Or(members["style"].Text(), style)
		dropDefault(members, "explode", used == "form")
		dropDefault(members, "style", style)
	case "response":
		for _, k := range []string{"headers", "links", "content"} {
			if m := members[k]; m.IsObject() && len(m.members) == 0 {
				delete(members, k)
			}
		}
	case "scheme": // names of HTTP schemes have no case (RFC 9110, section 11.1)
		if name := members["scheme"]; name.Text() != "" {
			name.leaf = strings.ToLower(name.Text())
		}
	}
	for _, k := range []string{"required", "deprecated", "allowReserved", "allowEmptyValue"} {
		dropDefault(members, k, false)
	}
	return newObject(at, members)
}

// field makes what a field of a kind of object holds.
func (n *normaliser) field(kind, k string, v any, at string) *Node {
	edges := kinds[kind].edges
	i := slices.IndexFunc(edges, func(e edge) bool { return e.key == k || e.key == "" })
	if i < 0 {
		return n.value(v, at)
	}
	switch to := edges[i].to; to {
	case "schema":
		return n.shaped(edges[i].shape, v, at, n.schema)
	case "parameter":
		return n.parameters(v, at)
	case "header":
		return n.keyed(v, at, strings.ToLower, n.of(to))
	case "media":
		return n.content(v, at)
	case "server":
		return n.value(v, at)
	case "path": // of a callback
		return n.deref(to, v, at)
	default:
		return n.shaped(edges[i].shape, v, at, n.of(to))
	}
}

// keyed is a mapping whose keys have another form; each member knows its own.
func (n *normaliser) keyed(v any, at string, key func(string) string, form build) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	members := map[string]*Node{}
	for _, name := range sortedKeys(obj) {
		own := *form(obj[name], Join(at, name))
		own.name = name
		members[key(name)] = &own
	}
	return newObject(at, members)
}

// content is keyed by media type, whose case, spaces and charset UTF-8 do not count (RFC
// 9110, section 8.3.1); the member "charset" tells that it was said.
func (n *normaliser) content(v any, at string) *Node {
	const charset = ";charset=utf-8"
	lower := func(name string) string {
		return strings.NewReplacer(" ", "", `"`, "").Replace(strings.ToLower(name))
	}
	taken := map[string]bool{}
	key := func(name string) string {
		key := strings.TrimSuffix(lower(name), charset)
		if taken[key] {
			return name
		}
		taken[key] = true
		return key
	}
	return n.keyed(v, at, key, func(v any, at string) *Node {
		made := n.object("media", v, at)
		if made.IsObject() && strings.HasSuffix(lower(lastToken(at)), charset) {
			made.members["charset"] = newScalar(at, "utf-8")
		}
		return made
	})
}

// dropDefault removes a member that says what holds without it.
func dropDefault(members map[string]*Node, key string, value any) {
	if n := members[key]; n != nil && n.kind == scalar && n.leaf == value {
		delete(members, key)
	}
}
