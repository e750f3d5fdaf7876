package mockserver

import (
	"net/http"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/gen"
)

// Need is what operations of Diga's API ask of a restricted key: one of Permissions.
type Need struct {
	Method, Path string   // empty: any; the beginning of a path, in which * is any one parameter
	Permissions  []string // of one that ends in a dot the verb is that of the method; none: a valid key is enough
	Sure         bool     // the document's own example of the 403 names it; else it is guessed from the names
}

// needs is read from the top: the first line that fits an operation counts. No
// line: a valid key is enough.
var needs = []Need{
	{"", "/v1/call/concurrency/", []string{"calls.view"}, false},
	{"POST", "/v1/call/bulk-delete", []string{"calls.delete"}, true},
	{"GET", "/v1/call/*/message", []string{"calls.view"}, true},
	{"", "/v1/call", []string{"calls."}, true},
	{"", "/v1/recording", []string{"recordings.view"}, false},
	{"", "/v1/log", []string{"logs.view"}, false},
	{"", "/v1/trace", []string{"logs.view"}, false},
	{"GET", "/v1/project/*/member/me", nil, false},
	{"GET", "/v1/project/*/member/", []string{"members.view"}, true},
	{"", "/v1/project/*/member", []string{"members."}, false},
	{"POST", "/v1/project/invitation/send", []string{"members.create"}, false},
	{"", "/v1/project/invitation/*/join", nil, false},
	{"", "/v1/project/invitation", []string{"members."}, false},
	{"", "/v1/project/*/invitation", []string{"members."}, false},
	{"PATCH", "/v1/project/", []string{"companies.update"}, false},
	{"DELETE", "/v1/project/", []string{"companies.delete"}, false},
	{"", "/v1/knowledge", []string{"knowledge_bases."}, false},
	{"", "/v1/agent/template", []string{"agents."}, false},
	{"", "/v1/agent-template", []string{"agents."}, false}, // as it was called until 2026-07
	{"GET", "/v1/agent/versions-dropdown", []string{"agents.view"}, false},
	{"POST", "/v1/agent/*/version", []string{"agents.update"}, true},
	{"PATCH", "/v1/agent/*/published_version", []string{"agents.update", "phones.update"}, true},
	{"", "/v1/agent", []string{"agents."}, true},
	{"", "/v1/voice", []string{"voices.view"}, false},
	{"", "/v1/integration/template", []string{"integrations."}, false},
	{"", "/v1/integration/*/tool", []string{"tools."}, true},
	{"", "/v1/integration", []string{"integrations."}, true},
	{"POST", "/v1/phone/import", []string{"phones.import"}, false},
	{"", "/v1/phone", []string{"phones."}, false},
	{"POST", "/v1/webhook/*/rotate", []string{"webhooks.update"}, false},
	{"", "/v1/webhook", []string{"webhooks."}, false},
	{"", "/v1/path", []string{"conversational_paths."}, false},
	{"", "/v1/api_key", []string{"api_keys."}, false},
	{"", "/v1/billing", []string{"billing."}, false},
	{"", "/v1/verification", []string{"verifications."}, false},
	{"POST", "/v1/notification", []string{"notifications.update"}, false},
	{"", "/v1/notification", []string{"notifications."}, false},
	{"", "/v1/workflow/connections", []string{"workflows."}, false},
	{"POST", "/v1/workflow/template/", []string{"workflows.create"}, false},
	{"POST", "/v1/workflow/*/", []string{"workflows.update"}, false},
	{"DELETE", "/v1/workflow/*/", []string{"workflows.update"}, false},
	{"", "/v1/workflow", []string{"workflows."}, false},
}

// Needs lists what operations ask of a restricted key: of the lines that fit an operation
// the first counts. Its Permissions are shared: read them only.
func Needs() []Need {
	return slices.Clone(needs)
}

// needOf is what an operation asks of a key, with the verb in; nil: nothing.
func needOf(op *contract.Operation) []string {
	for _, n := range needs {
		if n.Method != "" && n.Method != op.Method || !begins(op.Path, n.Path) {
			continue
		}
		var permissions []string
		for _, p := range n.Permissions {
			if strings.HasSuffix(p, ".") {
				p += verbOf(op)
			}
			permissions = append(permissions, p)
		}
		return permissions
	}
	return nil
}

func verbOf(op *contract.Operation) string {
	switch op.Method {
	case http.MethodGet, http.MethodHead:
		return "view"
	case http.MethodPost:
		return "create"
	case http.MethodDelete:
		return "delete"
	}
	return "update"
}

// begins tells whether a path begins with the segments of another. One that ends in
// a slash and more is for what lies below alone.
func begins(path, front string) bool {
	have, want := strings.Split(path, "/"), strings.Split(strings.TrimSuffix(front, "/"), "/")
	if len(have) < len(want) || strings.HasSuffix(front, "/") && (len(have) == len(want) || len(have) == len(want)+1 && have[len(want)] == "") {
		return false
	}
	for i, segment := range want {
		if segment != have[i] && (segment != "*" || !strings.HasPrefix(have[i], "{")) {
			return false
		}
	}
	return true
}

// permissions are those that the document has; nil: it has no list of them.
func (a *api) permissions() []gen.Permission {
	s := a.validator.Document().Schema("/components/schemas/Permission")
	if s == nil || !a.diga {
		return nil
	}
	var all []gen.Permission
	for _, v := range s.Enum {
		if text, ok := v.(string); ok {
			all = append(all, gen.Permission(text))
		}
	}
	return all
}

// permits tells the permissions that a key can have: the document's, else gen's.
func (a *api) permits() func(string) bool {
	all := a.permissions()
	if all == nil {
		return func(p string) bool { return gen.Permission(p).Valid() }
	}
	return func(p string) bool { return slices.Contains(all, gen.Permission(p)) }
}

// allows tells whether a key may call an operation.
func (a *api) allows(has func(string) bool, op *contract.Operation) bool {
	wanted := a.needs[op]
	return len(wanted) == 0 || slices.ContainsFunc(wanted, has)
}
