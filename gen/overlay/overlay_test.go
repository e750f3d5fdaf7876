package overlay_test

import (
	"bytes"
	"encoding/json"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/gen/overlay"
)

func overlayOf(t *testing.T, document, names string) *overlay.Overlay {
	t.Helper()
	made, err := overlay.Make([]byte(document), []byte(names))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestOperationNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, paths, names, want, why string }{
		{"fastapi", `{"/v1/api_key/": {"get": {"operationId": "list_api_keys_v1_api_key__get"}}}`, "", "ListAPIKeys", "path and method are FastAPI's, the rest is the function"},
		{"parameter", `{"/v1/pets/{pet_id}": {"patch": {"operationId": "rename_pet_v1_pets__pet_id__patch"}}}`, "", "RenamePet", "braces become underscores"},
		{"dash", `{"/v1/bulk-delete": {"post": {"operationId": "bulk_delete_v1_bulk_delete_post"}}}`, "", "BulkDelete", "so does a dash"},
		{"other", `{"/pets": {"get": {"operationId": "listPets"}}}`, "", "ListPets", "an id of another make is taken as it is"},
		{"other's suffix", `{"/pets": {"get": {"operationId": "pets_by_post"}}}`, "", "PetsByPost", "a suffix that is not the operation's own stays"},
		{"all suffix", `{"/pets": {"get": {"operationId": "_pets_get"}}}`, "", "GetPets", "nothing is left, so the path speaks"},
		{"none", `{"/api/v1/pets/{id}/toys": {"get": {}}}`, "", "GetPetsToys", "without an id: the method and the literals, no version"},
		{"none, twice", `{"/pets": {"get": {}}, "/pets/{pet_id}": {"get": {}}}`, "", "GetPets GetPetsByPetID", "the parameter tells them apart"},
		{"one name for two", `{"/v1/book/{id}": {"patch": {"operationId": "update_book_v1_book__id__patch"}}, "/v1/page/{id}": {"patch": {"operationId": "update_book_v1_page__id__patch"}}}`, "", "UpdateBook UpdatePage", "each by its path"},
		{"one id for two", `{"/a": {"get": {"operationId": "read"}}, "/b": {"get": {"operationId": "read"}}}`, "", "ReadA ReadB", "duplicate ids are published"},
		{"one id, one path", `{"/a": {"get": {"operationId": "read"}, "head": {"operationId": "read"}}}`, "", "HeadA ReadA", "the method tells them apart"},
		{"by hand", `{"/v1/x": {"get": {"operationId": "use_v1_x_get"}}}`, "operations: {use_v1_x_get: UseX}", "UseX", "names.yaml goes before the rule"},
		{"by hand, no id", `{"/v1/x": {"get": {}}}`, "operations: {GET /v1/x: ReadX}", "ReadX", "an operation without an id has its method and path"},
		{"taken by code", `{"/x": {"get": {"operationId": "client"}}}`, "", "Client2", "the generated client is a type of that name"},
		{"digits", `{"/x": {"get": {"operationId": "2fa"}}}`, "", "N2fa", "no Go name starts with a digit"},
		{"foreign", `{"/x": {"get": {"operationId": "größe_lesen"}}}`, "", "GrößeLesen", "letters are letters"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			made := overlayOf(t, `{"paths": `+c.paths+`}`, c.names)
			if got := strings.Join(slices.Sorted(maps.Values(made.Operations)), " "); got != c.want {
				t.Errorf("%s, want %s: %s", got, c.want, c.why)
			}
		})
	}
}

func TestSchemaNames(t *testing.T) {
	t.Parallel()
	held := func(refs ...string) string {
		var all []string
		for _, r := range refs {
			all = append(all, `{"$ref": "#/components/schemas/`+r+`"}`)
		}
		if len(all) == 1 {
			return `{"properties": {"data": {"type": "array", "items": ` + all[0] + `}}}`
		}
		return `{"properties": {"data": {"type": "array", "items": {"oneOf": [` + strings.Join(all, ",") + `]}}}}`
	}
	const writes = `{"/v1/crew": {"post": {"operationId": "change_crew_v1_crew_post", "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ChangeCrewSchema"}}}}}}}`
	for _, c := range []struct {
		name, paths, names string
		schemas            map[string]string // its JSON by name; empty: {}
		want               map[string]string
		why                string
	}{
		{"endings", `{}`, "", map[string]string{"PetResponseSchema": "", "ToySchema": "", "BedResponse": "", "Schema": "", "ResponseSchema": ""},
			map[string]string{"PetResponseSchema": "Pet", "ToySchema": "Toy", "BedResponse": "Bed", "Schema": "Schema", "ResponseSchema": "Response"}, "they say only that it is a schema; something must be left"},
		{"initialisms", `{}`, "", map[string]string{"ApiKeyRequest": "", "HttpToolSchema": "", "McpUrl": "", "UserIDs": "", "HTTPError": ""},
			map[string]string{"ApiKeyRequest": "APIKeyRequest", "HttpToolSchema": "HTTPTool", "McpUrl": "MCPURL", "UserIDs": "UserIDs", "HTTPError": "HTTPError"}, "as Go writes them"},
		{"page", `{}`, "", map[string]string{"PaginatedResponse_PetResponse_": held("PetResponse"), "PetResponse": ""},
			map[string]string{"PaginatedResponse_PetResponse_": "PetPage", "PetResponse": "Pet"}, "a page of what it holds"},
		{"page of other ids", `{}`, "", map[string]string{"PaginatedResponseStrId_Pet_": held("Pet"), "Pet": ""},
			map[string]string{"PaginatedResponseStrId_Pet_": "PetPage", "Pet": "Pet"}, "the generic type's own name says nothing more"},
		{"page of what is named by hand", `{}`, "schemas: {PetResponse: Animal}", map[string]string{"PaginatedResponse_PetResponse_": held("PetResponse"), "PetResponse": ""},
			map[string]string{"PaginatedResponse_PetResponse_": "AnimalPage", "PetResponse": "Animal"}, "the page follows"},
		{"page of a union", `{}`, "", map[string]string{"PaginatedResponse_Union_HttpToolResponseSchema__McpToolSchema__": held("HttpToolResponseSchema", "McpToolSchema"), "HttpToolResponseSchema": "", "McpToolSchema": ""},
			map[string]string{"PaginatedResponse_Union_HttpToolResponseSchema__McpToolSchema__": "ToolPage", "HttpToolResponseSchema": "HTTPTool", "McpToolSchema": "MCPTool"}, "the words that the branches end in"},
		{"page of strangers", `{"/v1/zoo": {"get": {"operationId": "list_animals_v1_zoo_get", "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page_Union_Cat__Dog__"}}}}}}}}`, "",
			map[string]string{"Page_Union_Cat__Dog__": held("Cat", "Dog"), "Cat": "", "Dog": ""},
			map[string]string{"Page_Union_Cat__Dog__": "AnimalsPage", "Cat": "Cat", "Dog": "Dog"}, "nothing in common, so the noun of the list"},
		{"two of one name", `{}`, "", map[string]string{"Link": "", "LinkResponse": "", "LinkSchema": ""},
			map[string]string{"Link": "Link", "LinkResponse": "LinkResponse", "LinkSchema": "LinkSchema"}, "who has the short name keeps it, the others keep theirs"},
		{"sent and answered", `{}`, "", map[string]string{"NodeSchema-Input": "", "NodeSchema-Output": "", "Edge-Input": ""},
			map[string]string{"NodeSchema-Input": "NodeInput", "NodeSchema-Output": "Node", "Edge-Input": "Edge"}, "what is answered is the thing itself"},
		{"named like a call", writes, "", map[string]string{"ChangeCrewSchema": "", "ChangeCrewResponse": "", "ChangeLogRequest": ""},
			map[string]string{"ChangeCrewSchema": "ChangeCrewRequest", "ChangeCrewResponse": "ChangeCrewResult", "ChangeLogRequest": "ChangeLogRequest"}, "ChangeCrew is a method, and ChangeCrewResponse is generated for it"},
		{"a form", `{"/v1/scan/": {"post": {"operationId": "send_scan_v1_scan__post"}}}`, "", map[string]string{"Body_send_scan_v1_scan__post": ""},
			map[string]string{"Body_send_scan_v1_scan__post": "SendScanBody"}, "FastAPI names a form by its operation"},
		{"generated", `{}`, "", map[string]string{"Client": "", "ServerInterface": ""},
			map[string]string{"Client": "ClientResult", "ServerInterface": "ServerInterfaceResult"}, "oapi-codegen has types of these names"},
		{"by hand first", `{}`, "schemas: {WidgetResponse: Gadget}", map[string]string{"WidgetResponse": "", "Gadget": ""},
			map[string]string{"WidgetResponse": "Gadget", "Gadget": "GadgetResult"}, "even against who has the name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			schemas := map[string]json.RawMessage{}
			for name, s := range c.schemas {
				schemas[name] = json.RawMessage(s)
				if s == "" {
					schemas[name] = json.RawMessage(`{"type": "object"}`)
				}
			}
			data, err := json.Marshal(schemas)
			if err != nil {
				t.Fatal(err)
			}
			made := overlayOf(t, `{"paths": `+c.paths+`, "components": {"schemas": `+string(data)+`}}`, c.names)
			if !maps.Equal(made.Schemas, c.want) {
				t.Errorf("%v, want %v: %s", made.Schemas, c.want, c.why)
			}
		})
	}
}

// actions are an overlay's, by target: the update as JSON, or "remove".
func actions(t *testing.T, made *overlay.Overlay) map[string]string {
	t.Helper()
	var file struct {
		Actions []struct {
			Target string
			Update map[string]string
			Remove bool
		}
	}
	if err := yaml.Unmarshal(made.YAML(), &file); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, a := range file.Actions {
		value := "remove"
		for key, name := range a.Update {
			value = key + " " + name
		}
		all[a.Target] = strings.TrimSpace(strings.TrimPrefix(all[a.Target]+", "+value, ", "))
	}
	return all
}

func TestTypesWithin(t *testing.T) {
	t.Parallel()
	const s = `$['components']['schemas']`
	for _, c := range []struct{ name, schemas, target, want, why string }{
		{"reference", `{"SipSchema": {"type": "object"}, "Phone": {"properties": {"sip_config": {"$ref": "#/components/schemas/SipSchema"}}}}`,
			s + `['Phone']['properties']['sip_config']`, "x-go-name SIPConfig", "else the field takes the schema's name"},
		{"reference to an old name", `{"Sip": {"type": "object"}, "Phone": {"properties": {"x": {"$ref": "#/components/schemas/Other"}}}, "Other": {"type": "object"}}`,
			s + `['Phone']['properties']['x']`, "", "what keeps its name does no harm"},
		{"enum", `{"CallSchema": {"properties": {"status": {"type": "string", "enum": ["a"]}}}}`,
			s + `['CallSchema']['properties']['status']`, "x-go-type-name CallStatus", "else CallSchemaStatus"},
		{"nullable enum", `{"CallSchema": {"properties": {"status": {"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]}}}}`,
			s + `['CallSchema']['properties']['status']['anyOf'][0]`, "x-go-type-name CallStatus", "the branch is what becomes a type"},
		{"stutter", `{"FlowNodeSchema": {"properties": {"node_type": {"type": "string", "const": "flow"}}}}`,
			s + `['FlowNodeSchema']['properties']['node_type']`, "x-go-type-name FlowNodeType", "node is said once"},
		{"items", `{"ZooSchema": {"properties": {"cages": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}}}}}`,
			s + `['ZooSchema']['properties']['cages']['items']`, "x-go-type-name ZooCage", "one of them"},
		{"union", `{"ACat": {"type": "object"}, "ADog": {"type": "object"}, "ZooSchema": {"properties": {"pets": {"type": "array", "items": {"oneOf": [{"$ref": "#/components/schemas/ACat"}, {"$ref": "#/components/schemas/ADog"}]}}}}}`,
			s + `['ZooSchema']['properties']['pets']['items']`, "x-go-type-name ZooPet", "else ZooSchema_Pets_Item"},
		{"shared union", `{"ACat": {"type": "object"}, "ADog": {"type": "object"},
			"InSchema": {"properties": {"pet": {"oneOf": [{"$ref": "#/components/schemas/ACat"}, {"$ref": "#/components/schemas/ADog"}]}}},
			"OutSchema": {"properties": {"pet": {"oneOf": [{"$ref": "#/components/schemas/ACat"}, {"$ref": "#/components/schemas/ADog"}]}}}}`,
			s + `['OutSchema']['properties']['pet']`, "x-go-type Pet", "one type for one union, by the property they share"},
		{"union of texts and numbers", `{"Value": {"properties": {"v": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}}}`,
			s + `['Value']['properties']['v']`, "x-go-type any", "its generated type could not be set"},
		{"several types", `{"Value": {"properties": {"v": {"type": ["string", "integer", "null"]}}}}`,
			s + `['Value']['properties']['v']`, "x-go-type any", "oapi-codegen stops at it"},
		{"one type and null", `{"Value": {"properties": {"v": {"type": ["string", "null"]}}}}`,
			s + `['Value']['properties']['v']`, "", "it has a type"},
		{"null among values", `{"Mode": {"type": ["string", "null"], "enum": ["a", null]}}`,
			s + `['Mode']['enum'][1]`, "remove", "else a constant <nil>"},
		{"fields of one name", `{"Pet": {"properties": {"first_name": {"type": "string"}, "firstName": {"type": "string"}}}}`,
			s + `['Pet']['properties']['first_name']`, "x-go-name FirstName2", "a struct has a field once"},
		{"quote", `{"It'sSchema": {"type": "object"}}`, s + `['It\'sSchema']`, "x-go-name ItS", "a JSONPath quotes by backslash"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			made := overlayOf(t, `{"components": {"schemas": `+c.schemas+`}}`, "")
			if got := actions(t, made)[c.target]; got != c.want {
				t.Errorf("%s: %q, want %q: %s\n%s", c.target, got, c.want, c.why, made.YAML())
			}
		})
	}
}

func TestWhatGoCannotExpress(t *testing.T) {
	t.Parallel()
	const at = `$['paths']['/x']['get']`
	for _, c := range []struct{ name, operation, target, want, why string }{
		{"anything", `{"responses": {"200": {"content": {"application/json": {"schema": {}}}}}}`, at + `['responses']['200']['content']`, "remove", "the strict server would have methods on an interface"},
		{"anything with a title", `{"responses": {"200": {"content": {"application/json": {"schema": {"title": "Response"}}}}}}`, at + `['responses']['200']['content']`, "remove", "a title is no type"},
		{"true", `{"responses": {"200": {"content": {"application/json": {"schema": true}}}}}`, at + `['responses']['200']['content']`, "remove", "the other way to write {}"},
		{"anything by reference", `{"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Any"}}}}}}`, at + `['responses']['200']['content']`, "remove", "an alias of an interface is one"},
		{"null or anything", `{"responses": {"200": {"content": {"application/json": {"schema": {"anyOf": [{}, {"type": "null"}]}}}}}}`, at + `['responses']['200']['content']`, "remove", "null or anything is anything"},
		{"only null", `{"responses": {"200": {"content": {"application/json": {"schema": {"type": "null"}}}}}}`, at + `['responses']['200']['content']`, "remove", "Go has no type of null alone"},
		{"several types", `{"responses": {"200": {"content": {"application/json": {"schema": {"type": ["string", "integer"]}}}}}}`, at + `['responses']['200']['content']`, "remove", "no type either"},
		{"an object", `{"responses": {"200": {"content": {"application/json": {"schema": {"type": "object"}}}}}}`, at + `['responses']['200']['content']`, "", "a map can have methods"},
		{"no schema", `{"responses": {"200": {"content": {"application/json": {}}}}}`, at + `['responses']['200']['content']`, "", "nothing is generated from it"},
		{"parameter", `{"parameters": [{"name": "q", "in": "query", "schema": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}}]}`, at + `['parameters'][0]['schema']`, "x-go-type string", "a caller can set a text"},
		{"cursor", `{"parameters": [{"name": "q", "in": "query", "schema": {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}}]}`, at + `['parameters'][0]['schema']`, "", "one type and null is one type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			made := overlayOf(t, `{"paths": {"/x": {"get": `+c.operation+`}}, "components": {"schemas": {"Any": {"description": "any"}}}}`, "")
			if got := actions(t, made)[c.target]; got != c.want {
				t.Errorf("%s: %q, want %q: %s\n%s", c.target, got, c.want, c.why, made.YAML())
			}
		})
	}
}

func TestCollisionsAreTold(t *testing.T) {
	t.Parallel()
	made := overlayOf(t, `{"components": {"schemas": {"Link": {"type": "object"}, "LinkResponse": {"type": "object"}}}}`, "")
	want := "schema LinkResponse: Link is taken by schema Link, so it is LinkResponse"
	if !slices.Equal(made.Notes, []string{want}) {
		t.Errorf("notes are %q, want %q", made.Notes, want)
	}
}

func TestMistakesAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, document, names, want string }{
		{"no JSON", `<`, "", "the document is not a JSON object"},
		{"a list", `[]`, "", "the document is not a JSON object"},
		{"no YAML", `{}`, "a: [", "names.yaml"},
		{"unknown key", `{}`, "types: {}", "types"},
		{"not exported", `{}`, "schemas: {A: b}", `A: "b" is no exported Go name`},
		{"no name", `{}`, "operations: {A: B-C}", `A: "B-C" is no exported Go name`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, err := overlay.Make([]byte(c.document), []byte(c.names)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want an error with %q", err, c.want)
			}
		})
	}
}

// What the names of a whole API must be: distinct, exported, and without the words
// that say only where they come from.
func wantIdiomatic(t *testing.T, document []byte) *overlay.Overlay {
	t.Helper()
	names, err := os.ReadFile("../names.yaml")
	if err != nil {
		t.Fatal(err)
	}
	made := overlayOf(t, string(document), string(names))
	if again := overlayOf(t, string(document), string(names)); !bytes.Equal(made.YAML(), again.YAML()) {
		t.Error("two overlays of one document differ")
	}
	seen := map[string]string{}
	foreign := regexp.MustCompile(`V\d|Schema|Paginated|Id($|[A-Z])|Api|Http|Url|Json|_`)
	for _, of := range []map[string]string{made.Operations, made.Schemas} {
		for published, name := range of {
			if seen[name] != "" {
				t.Errorf("%s and %s are both %s", published, seen[name], name)
			}
			seen[name] = published
			if !token.IsExported(name) || !token.IsIdentifier(name) || foreign.MatchString(name) || len(name) > 40 {
				t.Errorf("%s is %s, which nobody would write", published, name)
			}
		}
	}
	return made
}

func TestNamesOfWholeDocuments(t *testing.T) {
	t.Parallel()
	made := wantIdiomatic(t, spectest.Document(136))
	if len(made.Operations) != 136 {
		t.Errorf("%d operations are named, not 136", len(made.Operations))
	}
	for operation, want := range map[string]string{
		"GET /v1/api_key/":              "ListAPIKeys",
		"PATCH /v1/manifest/book/{id}":  "UpdateManifestBook",
		"PATCH /v1/manifest/entry/{id}": "UpdateManifestEntry",
	} {
		if made.Operations[operation] != want {
			t.Errorf("%s is %s, want %s", operation, made.Operations[operation], want)
		}
	}
}

func TestNamesOfPublishedDocuments(t *testing.T) {
	t.Parallel()
	counts := map[string][2]int{
		"diga/openapi-2025-11-20.json": {67, 99},
		"diga/openapi-2026-01-20.json": {85, 137},
		"diga/openapi-2026-04-07.json": {98, 167},
		"diga/openapi-2026-07-22.json": {136, 227},
	}
	for file, document := range spectest.SharedFiles(t, "diga/*.json") {
		made := wantIdiomatic(t, document)
		if want := counts[file]; want != [2]int{} && (len(made.Operations) != want[0] || len(made.Schemas) != want[1]) {
			t.Errorf("%s: %d operations and %d schemas are named, not %v", file, len(made.Operations), len(made.Schemas), want)
		}
		if made.Operations["GET /v1/api_key/"] != "ListAPIKeys" || made.Schemas["PaginatedResponse_CallResponse_"] != "CallPage" {
			t.Errorf("%s: %v", file, made.Operations)
		}
	}
}

// The initialisms that types and functions are named by are those that
// oapi-codegen is told for fields.
func TestInitialismsAreThoseOfTheConfiguration(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../oapi-codegen.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Output struct {
			Initialisms []string `yaml:"additional-initialisms"`
		} `yaml:"output-options"`
	}
	if err := yaml.Unmarshal(data, &config); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(config.Output.Initialisms, overlay.Additional) {
		t.Errorf("oapi-codegen.yaml has %v, package overlay %v", config.Output.Initialisms, overlay.Additional)
	}
}

func FuzzMake(f *testing.F) {
	f.Add(spectest.Seed())
	f.Add([]byte(`{"paths": {"/x": {"get": {"parameters": [1], "responses": {"200": {"content": {"a": {"schema": {"anyOf": [{}, 1]}}}}}}}}}`))
	f.Add([]byte(`{"components": {"schemas": {"A": {"$ref": "#/components/schemas/A"}, "Page_A_": {"properties": {"x": {"items": {}}}}}}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		made, err := overlay.Make(document, nil)
		if err != nil {
			return
		}
		var file map[string]any
		if err := yaml.Unmarshal(made.YAML(), &file); err != nil {
			t.Errorf("the overlay is no YAML: %v\n%s", err, made.YAML())
		}
	})
}
