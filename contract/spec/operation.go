package spec

import (
	"slices"
	"strconv"
	"strings"
)

func (n *normaliser) operation(v any, at *place, shared map[string]*Node, names []string) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	members := map[string]*Node{}
	for _, k := range sortedKeys(obj) {
		below := at.down(k)
		switch k {
		case "parameters", "security":
		case "requestBody":
			members[k] = n.deref("body", obj[k], below, n.body)
		case "responses":
			members[k] = n.mapping(obj[k], below, n.response)
		case "callbacks":
			members[k] = n.mapping(obj[k], below, n.callback)
		default:
			members[k] = n.value(obj[k], below)
		}
	}
	own := n.parameters(obj["parameters"], at.down("parameters"), names)
	for k, p := range shared {
		if own[k] == nil {
			own[k] = p
		}
	}
	if len(own) > 0 {
		members["parameters"] = newObject(at.down("parameters"), own)
	}
	if requirements := n.security(obj, at); requirements != nil {
		members["security"] = requirements
	}
	dropDefault(members, "deprecated", false)
	return newObject(at, members)
}

// security is what the operation asks for: its own `security`, else that of the
// document; nil when that is nothing. The alternatives are a set.
func (n *normaliser) security(operation map[string]any, at *place) *Node {
	v, ok := operation["security"]
	at = at.down("security")
	if !ok {
		v, at = n.doc.Tree["security"], (&place{}).down("security")
	}
	alternatives, _ := v.([]any)
	var made []*Node
	asked := false
	for i, a := range alternatives {
		below := at.down(strconv.Itoa(i))
		made = append(made, n.mapping(a, below, func(scopes any, at *place) *Node {
			asked = true
			return n.requirement(scopes, at)
		}))
	}
	if !asked {
		return nil
	}
	return newSet(at, made)
}

func (n *normaliser) requirement(scopes any, at *place) *Node {
	members := map[string]*Node{}
	if set := n.set(scopes, at); set != nil {
		members["scopes"] = set
	}
	ref := "#" + Join("/components/securitySchemes", at.token)
	if t := n.target("securityScheme", ref, n.scheme); t != nil {
		members["scheme"] = t.use()
	}
	return newObject(at, members)
}

// scheme is a Security Scheme Object. Names of HTTP schemes have no case (RFC
// 9110, section 11.1).
func (n *normaliser) scheme(v any, at *place) *Node {
	return n.deref("securityScheme", v, at, func(v any, at *place) *Node {
		node := n.value(v, at)
		if name := node.members["scheme"]; name.Text() != "" {
			name.leaf = strings.ToLower(name.Text())
		}
		return node
	})
}

// parameters are keyed by place and name: an operation cannot have two of one
// (OpenAPI 3.1, Operation Object).
func (n *normaliser) parameters(v any, at *place, names []string) map[string]*Node {
	made := map[string]*Node{}
	list, _ := v.([]any)
	for i, p := range list {
		node := n.deref("parameter", p, at.down(strconv.Itoa(i)), n.parameter)
		in, name := node.Member("in").Text(), node.Member("name").Text()
		own := *node.Only(func(k string) bool { return k != "in" && k != "name" && (in != "path" || k != "required") })
		own.name = name
		own.at.parameter = in + " " + name
		switch in {
		case "header":
			name = strings.ToLower(name)
		case "path":
			if i := slices.Index(names, name); i >= 0 {
				name = strconv.Itoa(i + 1)
			}
		}
		made[in+" "+name] = &own
	}
	return made
}

// parameter is a Parameter Object or a Header Object.
func (n *normaliser) parameter(v any, at *place) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	members := n.contents(obj, at)
	style := "simple" // also that of headers, which have no `in`
	if in, _ := obj["in"].(string); in == "query" || in == "cookie" {
		style = "form"
	}
	used := style
	if s, ok := obj["style"].(string); ok {
		used = s
	}
	dropDefault(members, "explode", used == "form")
	dropDefault(members, "style", style)
	for _, k := range []string{"required", "deprecated", "allowReserved", "allowEmptyValue"} {
		dropDefault(members, k, false)
	}
	return newObject(at, members)
}

// contents makes the members of what holds a schema, content or examples.
func (n *normaliser) contents(obj map[string]any, at *place) map[string]*Node {
	members := map[string]*Node{}
	for _, k := range sortedKeys(obj) {
		v, below := obj[k], at.down(k)
		switch k {
		case "schema":
			members[k] = n.schema(v, below)
		case "content":
			members[k] = n.content(v, below)
		case "examples":
			members[k] = n.mapping(v, below, n.plain("example"))
		case "links":
			members[k] = n.mapping(v, below, n.plain("link"))
		case "headers":
			members[k] = n.headers(v, below)
		case "encoding":
			members[k] = n.mapping(v, below, n.encoding)
		default:
			members[k] = n.value(v, below)
		}
	}
	return members
}

// plain takes what may be a reference as it is.
func (n *normaliser) plain(role string) build {
	return func(v any, at *place) *Node { return n.deref(role, v, at, n.value) }
}

func (n *normaliser) body(v any, at *place) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	members := n.contents(obj, at)
	dropDefault(members, "required", false)
	return newObject(at, members)
}

func (n *normaliser) response(v any, at *place) *Node {
	return n.deref("response", v, at, func(v any, at *place) *Node {
		obj, ok := v.(map[string]any)
		if !ok {
			return newScalar(at, v)
		}
		members := n.contents(obj, at)
		for _, k := range []string{"headers", "links", "content"} {
			if m := members[k]; m != nil && m.kind == object && len(m.members) == 0 {
				delete(members, k)
			}
		}
		return newObject(at, members)
	})
}

func (n *normaliser) headers(v any, at *place) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	members := map[string]*Node{}
	for _, name := range sortedKeys(obj) {
		header := *n.deref("header", obj[name], at.down(name), n.parameter)
		header.name = name
		members[strings.ToLower(name)] = &header
	}
	return newObject(at, members)
}

// content is keyed by media type, whose case and spaces do not count (RFC 9110,
// section 8.3.1), and whose charset is UTF-8 where none is said: the member "charset" tells
// that it was.
func (n *normaliser) content(v any, at *place) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	members := map[string]*Node{}
	for _, name := range sortedKeys(obj) {
		key := strings.NewReplacer(" ", "", `"`, "").Replace(strings.ToLower(name))
		key, utf8 := strings.CutSuffix(key, ";charset=utf-8")
		if _, taken := members[key]; taken {
			key = name
		}
		media, isObject := obj[name].(map[string]any)
		if !isObject {
			members[key] = newScalar(at.down(name), obj[name])
			continue
		}
		below := at.down(name)
		node := newObject(below, n.contents(media, below))
		node.name = name
		if utf8 {
			node.members["charset"] = newScalar(below, "utf-8")
		}
		members[key] = node
	}
	return newObject(at, members)
}

func (n *normaliser) encoding(v any, at *place) *Node {
	obj, ok := v.(map[string]any)
	if !ok {
		return newScalar(at, v)
	}
	members := n.contents(obj, at)
	dropDefault(members, "allowReserved", false)
	return newObject(at, members)
}

// dropDefault removes a member that says what holds without it.
func dropDefault(members map[string]*Node, key string, value any) {
	if n := members[key]; n != nil && n.kind == scalar && n.leaf == value {
		delete(members, key)
	}
}
