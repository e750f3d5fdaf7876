package overlay

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// operation is one of the document's.
type operation struct {
	path, method string // method in lower case
	node         object
	name         string
}

func (op *operation) String() string { return strings.ToUpper(op.method) + " " + op.path }

var methods = []string{"get", "put", "post", "delete", "options", "head", "patch", "trace"}

// nameOperations names each operation, by hand or by rule. Those that come to one
// name are all named by their paths instead.
func (m *maker) nameOperations() {
	byName := map[string][]*operation{}
	paths := within(m.document, "paths")
	for _, p := range slices.Sorted(maps.Keys(paths)) {
		for _, method := range methods {
			node := within(paths[p], method)
			if node == nil {
				continue
			}
			op := &operation{path: p, method: method, node: node}
			m.operations = append(m.operations, op)
			op.name = cmp.Or(m.names.Operations[text(node, "operationId")], m.names.Operations[op.String()])
			if op.name != "" {
				m.owner[op.name] = op.String()
				continue
			}
			name := operationName(op)
			byName[name] = append(byName[name], op)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		same := byName[name]
		for _, op := range same {
			candidates := []string{name}
			if len(same) > 1 {
				byPath := join(append(split(name)[:1], literals(op.path)...))
				candidates = []string{byPath, byParameters(byPath, op.path), byMethod(op)}
				m.note("%s: %d operations come to the name %s; by its path it is %s", op, len(same), name, byPath)
			}
			op.name = m.claim(op.String(), candidates...)
		}
	}
	for _, op := range m.operations {
		m.Operations[op.String()] = op.name
		if text(op.node, "operationId") != op.name {
			m.update(path("paths", op.path, op.method), "operationId", op.name)
		}
		if words := split(op.name); len(words) > 1 {
			m.verbs[words[0]] = true
		}
		for _, suffix := range generated {
			m.owner[op.name+suffix] = cmp.Or(m.owner[op.name+suffix], op.String())
		}
		for _, p := range listAt(op.node, "parameters") {
			m.owner[op.name+"Params"+goName(text(p, "name"))] = op.String()
		}
		for _, media := range within(op.node, "requestBody", "content") {
			schema := at(media, "schema")
			for _, sent := range append(branches(schema), schema) {
				m.sent[refName(sent)] = true
			}
		}
	}
}

var nonWord = regexp.MustCompile(`\W`)

// operationName is the rule's name: FastAPI's operationId without path and
// method, any other as it is, and without one the method and the path.
func operationName(op *operation) string {
	id := text(op.node, "operationId")
	function := strings.TrimSuffix(id, nonWord.ReplaceAllString(op.path, "_")+"_"+op.method)
	if function = strings.Trim(function, "_"); len(split(function)) > 0 {
		return goName(function)
	}
	return byMethod(op)
}

func byMethod(op *operation) string { return join(append([]string{op.method}, literals(op.path)...)) }

var version = regexp.MustCompile(`^(v\d+|api)$`)

// literals are the words of a path without its parameters and version.
func literals(p string) []string {
	var words []string
	for part := range strings.SplitSeq(p, "/") {
		if part != "" && !strings.Contains(part, "{") && !version.MatchString(part) {
			words = append(words, split(part)...)
		}
	}
	return words
}

// byParameters adds those of a path: GetPets by /pets/{id} is GetPetsByID.
func byParameters(name, p string) string {
	by := "By"
	for part := range strings.SplitSeq(p, "/") {
		if strings.Contains(part, "{") {
			name += by + goName(part)
			by = ""
		}
	}
	return name
}

// generated are the endings of what oapi-codegen makes for an operation; "" too,
// a method, since a type named like a call reads as one.
var generated = []string{
	"", "Params", "JSONBody", "JSONRequestBody", "MultipartBody", "MultipartRequestBody", "FormdataBody", "FormdataRequestBody", "TextBody", "TextRequestBody",
	"RequestObject", "ResponseObject", "Response",
}

// reserved are the other names in package gen.
var reserved = []string{
	"BadRequest", "Client", "ClientInterface", "ClientOption", "ClientWithResponses", "ClientWithResponsesInterface", "EchoRouter", "HttpRequestDoer",
	"NewClient", "NewClientWithResponses", "NewStrictHandler", "OpenAPI", "RegisterHandlers", "RegisterHandlersOptions", "RegisterHandlersWithBaseURL", "RegisterHandlersWithOptions",
	"RequestEditorFn", "RequestEditors", "Server", "ServerInterface", "ServerInterfaceWrapper", "StrictHandlerFunc", "StrictMiddlewareFunc",
	"StrictServerInterface", "WithBaseURL", "WithHTTPClient", "WithRequestEditorFn",
}
