package spectest

import (
	_ "embed" // for seed
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/digakit/digakit/contract/spec"
)

//go:embed testdata/openapi.json
var seed []byte

// Seed returns the document of one operation, GET /v1/api_key/, that the module
// started with. Tests whose subject is that document read it here, those whose
// subject is what the module is built from read gen.OpenAPI.
func Seed() []byte { return append([]byte(nil), seed...) }

// SeedDocument returns the same, parsed once; treat it as read-only.
var SeedDocument = sync.OnceValue(func() *spec.Document {
	document, err := spec.Parse(seed)
	if err != nil {
		panic("spectest: the embedded document: " + err.Error())
	}
	return document
})

// Document returns an OpenAPI 3.1 document in the manner of FastAPI: the
// operation of [Seed] and as many made ones as make up the number, 1 at least.
// The same number gives the same bytes. From 20 operations on it has all that
// makes such documents hard to read and to generate code from: path templates
// that differ only in a parameter's name, answers with the schema {}, GET and
// DELETE with bodies, unions whose discriminator is not required, schemas that
// hold themselves, names of 190 characters, two functions of one name, and
// schemas whose names, made short, are those of others.
func Document(operations int) []byte {
	d := &made{wanted: max(operations, 1), operations: 1}
	if err := json.Unmarshal(seed, &d.document); err != nil {
		panic("spectest: the embedded document is not JSON: " + err.Error())
	}
	d.paths = d.document["paths"].(object)
	d.schemas = d.document["components"].(object)["schemas"].(object)
	d.shared()
	d.odd()
	for round := 0; d.operations < d.wanted; round++ {
		for i, noun := range nouns {
			if round > 0 {
				noun = fmt.Sprintf("%s %d", noun, round+1)
			}
			d.resource(noun, i)
		}
	}
	data, err := json.MarshalIndent(d.document, "", "  ")
	if err != nil {
		panic("spectest: " + err.Error())
	}
	return append(data, '\n')
}

var nouns = []string{
	"vessel", "berth", "pilot", "cargo lot", "tide gauge", "crane", "mooring line", "customs form", "harbour fee", "tug", "lock gate", "fuel order",
	"crew list", "weather log", "radio channel", "buoy", "warehouse", "pallet", "inspection", "arrival notice", "departure slot", "waste report", "shift plan", "yard camera",
}

type (
	object = map[string]any
	list   = []any
)

// made is a document under way.
type made struct {
	document, paths, schemas object
	wanted, operations       int
}

// add puts an operation in, unless there are enough. The id is what FastAPI
// makes of a function's name, the path and the method.
func (d *made) add(method, path, function string, operation object) {
	if d.operations == d.wanted {
		return
	}
	d.operations++
	item, ok := d.paths[path].(object)
	if !ok {
		item = object{}
		d.paths[path] = item
	}
	word := strings.Map(func(r rune) rune {
		if r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, path)
	operation["operationId"] = function + word + "_" + method
	operation["summary"] = title(function)
	operation["tags"] = list{strings.Split(path, "/")[2]}
	operation["security"] = list{object{"CustomHTTPBearer": list{}}}
	parameters, _ := operation["parameters"].(list)
	for _, part := range strings.Split(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			name = strings.TrimSuffix(name, "}")
			parameters = append(list{object{"name": name, "in": "path", "required": true, "schema": object{"type": "string", "format": "uuid", "title": title(name)}}}, parameters...)
		}
	}
	operation["parameters"] = parameters
	operation["responses"].(object)["422"] = answer("Validation Error", ref("HTTPValidationError"))
	item[method] = operation
}

// shared puts in what FastAPI adds to every document.
func (d *made) shared() {
	d.schema("ValidationError", object{
		"loc": array(object{"anyOf": list{text(), object{"type": "integer"}}}), "msg": text(), "type": text(),
	}, "loc", "msg", "type")
	d.schema("HTTPValidationError", object{"detail": array(ref("ValidationError"))})
}

// resource puts in the operations on one kind of item.
func (d *made) resource(noun string, ordinal int) {
	snake, name := strings.ReplaceAll(noun, " ", "_"), strings.ReplaceAll(title(noun), " ", "")
	status, response := name+"Status", name+[]string{"ResponseSchema", "Response", "Schema"}[ordinal%3]
	d.schemas[status] = object{"type": "string", "title": status, "enum": list{"planned", "active", "closed"}}
	d.schema(name+"Location", object{"latitude": object{"type": "number", "minimum": -90, "maximum": 90}, "longitude": object{"type": "number", "minimum": -180, "maximum": 180}, "label": nullable(text())}, "latitude", "longitude")
	fields := func() object {
		return object{
			"name":        object{"type": "string", "minLength": 1, "maxLength": 120, "title": "Name", "description": "What people call this " + noun},
			"description": nullable(text()),
			"status":      ref(status),
			"location":    nullable(ref(name + "Location")),
			"tags":        object{"type": "array", "items": text(), "maxItems": 20, "default": list{}},
			"capacity":    object{"type": "integer", "minimum": 0, "maximum": 100000, "default": 0},
			"is_open":     object{"type": "boolean", "default": false},
			"settings":    object{"type": "object", "additionalProperties": true, "default": object{}},
		}
	}
	d.schema(name+"CreateRequest", fields(), "name", "status")
	d.schema(name+"UpdateRequest", fields())
	item := fields()
	item["id"], item["created_at"] = uuid(), object{"type": "string", "format": "date-time", "description": "When it was made"}
	item["owner_id"], item["contact_email"] = nullable(uuid()), nullable(object{"type": "string", "format": "email"})
	d.schema(response, item, "id", "name", "status", "created_at")
	page := d.page("PaginatedResponse_"+response+"_", ref(response))

	root, one := "/v1/"+snake+"/", "/v1/"+snake+"/{"+snake+"_id}"
	filters := append(paging(ordinal), parameter("status", nullable(ref(status))), parameter("name", nullable(text())))
	missing := func(operation object) object {
		shown := answer("Not Found", ref("ErrorResponseSchema"))
		shown["content"].(object)["application/json"].(object)["example"] = object{
			"status": "error", "error_code": strings.ToUpper(snake) + "_NOT_FOUND", "message": title(noun) + " with id 7d0f6c1e-2b51-4a3f-9d57-3f1c7b8e0a11 not found",
		}
		operation["responses"].(object)["404"] = shown
		return operation
	}
	gone := object{"204": object{"description": "Successful Response"}}
	if ordinal%4 == 0 {
		gone = object{"200": answer("Successful Response", object{})}
	}
	last := one
	if ordinal%3 == 0 {
		last = root + "{id}"
	}
	d.add("get", root, "list_"+snake+"s", object{"parameters": filters, "responses": object{"200": answer("Successful Response", page)}})
	d.add("post", root, "create_"+snake, object{"requestBody": body(ref(name + "CreateRequest")), "responses": object{"201": answer("Successful Response", ref(response))}})
	d.add("get", one, "get_"+snake, missing(object{"responses": object{"200": answer("Successful Response", ref(response))}}))
	d.add("patch", one, "update_"+snake, missing(object{"requestBody": body(ref(name + "UpdateRequest")), "responses": object{"200": answer("Successful Response", ref(response))}}))
	d.add("delete", last, "delete_"+snake, missing(object{"responses": gone}))
	d.add("post", one+"/close", "close_"+snake, missing(object{"responses": object{"200": answer("Successful Response", ref(response))}}))
}

// schema puts an object schema in, with a title in the manner of FastAPI for
// each property that has none.
func (d *made) schema(name string, properties object, required ...string) {
	for property, s := range properties {
		if s, ok := s.(object); ok && s["$ref"] == nil && s["title"] == nil {
			s["title"] = title(property)
		}
	}
	s := object{"type": "object", "title": name, "properties": properties}
	if len(required) > 0 {
		s["required"] = required
	}
	d.schemas[name] = s
}

// page puts in the envelope of a list and returns a reference to it.
func (d *made) page(name string, item object) object {
	d.schema(name, object{
		"data": array(item), "has_more": object{"type": "boolean"}, "first_id": nullable(uuid()), "last_id": nullable(uuid()),
		"current_page": nullable(object{"type": "integer"}), "total_pages": nullable(object{"type": "integer"}),
	}, "data", "has_more")
	return ref(name)
}

func paging(ordinal int) list {
	limit := object{"type": "integer", "minimum": 1, "maximum": 100 * (1 + ordinal%3), "default": 10 * (1 + ordinal%5)}
	order := object{"type": "string", "enum": list{"asc", "desc"}, "default": "desc"}
	return list{
		parameter("after", nullable(uuid())), parameter("before", nullable(uuid())), parameter("page", nullable(object{"type": "integer", "minimum": 1})),
		parameter("limit", limit), parameter("order", order),
	}
}

func parameter(name string, schema object) object {
	return object{"name": name, "in": "query", "required": false, "schema": schema}
}

func answer(description string, schema object) object {
	return object{"description": description, "content": object{"application/json": object{"schema": schema}}}
}

func body(schema object) object {
	return object{"required": true, "content": object{"application/json": object{"schema": schema}}}
}

func text() object               { return object{"type": "string"} }
func uuid() object               { return object{"type": "string", "format": "uuid"} }
func array(items object) object  { return object{"type": "array", "items": items} }
func ref(name string) object     { return object{"$ref": "#/components/schemas/" + name} }
func nullable(one object) object { return object{"anyOf": list{one, object{"type": "null"}}} }

// title is a name as FastAPI shows it: words in capitals.
func title(name string) string {
	words := strings.Fields(strings.ReplaceAll(name, "_", " "))
	for i, w := range words {
		words[i] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, " ")
}
