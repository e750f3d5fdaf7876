// Package diga is Diga's dialect of the mock.
package diga

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/engine"
)

type object = map[string]any

// Rules are what Diga's words say of agents, projects, members, roles, calls, knowledge,
// integrations and workflows, and no document can. Sources: the descriptions of the operations, and
// the pages on versions, teams and knowledge bases. What an operation does not document
// is not refused.
//
// Permissions are those that the document has.
func Rules(permissions []gen.Permission) engine.Rules {
	return engine.Rules{
		Operations: map[string]engine.OperationRule{
			"GET /v1/agent/{agent_id}":                                {Refuse: bothVersions, Answer: readVersion},
			"DELETE /v1/agent/{agent_id}":                             {Refuse: publishedAgent},
			"DELETE /v1/agent/{agent_id}/version/{version_id}":        {Refuse: keptVersion},
			"PATCH /v1/agent/{agent_id}/published_version":            {Answer: publish},
			"POST /v1/agent/{agent_id}/duplicate":                     {Refuse: nowhere},
			"GET /v1/agent/versions-dropdown/dashboard":               {Answer: dropdown},
			"DELETE /v1/project/{id}":                                 {Refuse: lastProject},
			"DELETE /v1/project/{project_id}/member/{profile_id}":     {Refuse: lastAdministrator},
			"PATCH /v1/project/{project_id}/member/{profile_id}/role": {Refuse: lastAdministrator},
			"POST /v1/project/invitation/send":                        {Refuse: invitee},
			"GET /v1/project/invitation/{invitation_id}":              {Refuse: expired},
			"POST /v1/project/invitation/{invitation_id}/join":        {Refuse: lapsed, Answer: joinProject},
			"POST /v1/call/":                                          {Refuse: callees},
			"POST /v1/recording/bulk":                                 {Refuse: silent},
			"POST /v1/integration/{integration_id}/tool":              {Refuse: customTools},
			"PATCH /v1/integration/{integration_id}/tool/{tool_id}":   {Refuse: customTools},
			"DELETE /v1/integration/{integration_id}/tool/{tool_id}":  {Refuse: customTools},
			"POST /v1/call/bulk-delete":                               {Ignore: active},
			"GET /v1/call/concurrency/stream":                         {Answer: concurrency},
			"DELETE /v1/knowledge/base/{id}":                          {Answer: deleteBase},
			"POST /v1/workflow/{flow_id}/test":                        {Answer: testFlow},
		},
		Collections: map[string]engine.CollectionRule{
			"agent":              {Complete: draft},
			"agent/version":      {Begin: versions, Complete: version},
			"project":            {Begin: func(_ object, n int) int { return max(n, 1) }, Complete: ownProject},
			"project/invitation": {Complete: invitation},
			"role":               {Begin: func(object, int) int { return len(roles) }, Complete: role(permissions)},
			"call":               {Complete: call},
			"knowledge/item":     {Complete: knowledgeItem},
			"knowledge/base":     {Complete: knowledgeBase},
		},
	}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) int {
	n, _ := v.(json.Number)
	i, _ := strconv.Atoi(n.String())
	return i
}

// instant is how the API writes dates.
const instant = "2006-01-02T15:04:05.000000Z"

func numeral(n int) json.Number { return json.Number(strconv.Itoa(n)) }

func body(w engine.Work) object {
	sent, _ := w.Request().Body.(object)
	return sent
}

// An agent is its draft: version_number is the last number that was given, and numbers
// never come again.
func draft(_ engine.Work, e engine.Entry) {
	if e.Ordinal < 0 && !e.New {
		return
	}
	e.Value["is_draft"] = true
	e.Value["version_number"] = numeral(1 + max(e.Ordinal, 0)%3)
	e.Value["is_published"] = e.Ordinal >= 0 && e.Ordinal%2 == 1
}

// versions of an agent there are as many as numbers were given: a new one has the first.
func versions(agent object, _ int) int { return number(agent["version_number"]) }

// ofVersion are the properties that a version does not take from its agent.
var ofVersion = []string{"version_id", "version_name", "version_number", "version_created_at", "is_draft", "is_published"}

// version is the agent as it was when the version was launched.
func version(w engine.Work, e engine.Entry) {
	if e.Parent == nil || e.Ordinal < 0 && !e.New {
		return
	}
	for name, v := range e.Parent {
		if !slices.Contains(ofVersion, name) {
			e.Value[name] = v
		}
	}
	last := number(e.Parent["version_number"])
	e.Value["is_draft"] = false
	if e.Ordinal >= 0 { // there from the start
		e.Value["version_number"] = numeral(e.Ordinal + 1)
		e.Value["version_name"] = "v" + strconv.Itoa(e.Ordinal+1)
		e.Value["version_created_at"] = e.Parent["created_at"]
		e.Value["is_published"] = e.Ordinal+1 == last && e.Parent["is_published"] == true
		return
	}
	e.Value["version_number"] = numeral(last + 1)
	e.Value["version_created_at"] = w.Request().Now.UTC().Format(instant)
	e.Value["is_published"] = false
	w.Change("agent", text(e.Parent["agent_id"]), object{"version_number": numeral(last + 1)})
}

func bothVersions(w engine.Work) *engine.Refusal {
	q := w.Request().Query
	if q.Get("version_id") != "" && q.Get("is_published") == "true" && w.Documents("400") {
		return w.Refuse(400, "")
	}
	return nil
}

// readVersion shows the version asked for; the draft is what is stored as the agent.
func readVersion(w engine.Work) (engine.Response, bool, error) {
	q := w.Request().Query
	agent, id := w.Request().Path["agent_id"], q.Get("version_id")
	published := q.Get("is_published") == "true"
	stored := w.Item("agent", agent)
	if stored == nil || id == "" && !published || id != "" && strings.EqualFold(id, text(stored["version_id"])) {
		return engine.Response{}, false, nil
	}
	for _, v := range w.Items("agent/version", agent) {
		if strings.EqualFold(text(v["version_id"]), id) || published && v["is_published"] == true {
			resp, err := w.Show(v)
			return resp, true, err
		}
	}
	return engine.Response{}, true, w.Refuse(404, "")
}

func publishedAgent(w engine.Work) *engine.Refusal {
	for _, v := range w.Items("agent/version", w.Request().Path["agent_id"]) {
		if v["is_published"] == true && w.Documents("409") {
			return w.Refuse(409, "")
		}
	}
	return nil
}

// keptVersion refuses to delete the draft, and the version that is published.
func keptVersion(w engine.Work) *engine.Refusal {
	path := w.Request().Path
	draft := w.Item("agent", path["agent_id"])
	version := w.Item("agent/version", path["version_id"])
	if (version["is_published"] == true || strings.EqualFold(text(draft["version_id"]), path["version_id"])) && w.Documents("409") {
		return w.Refuse(409, "")
	}
	return nil
}

// nowhere refuses to duplicate an agent into a project that is not there.
func nowhere(w engine.Work) *engine.Refusal {
	if w.Item("project", strings.ToLower(text(body(w)["target_project_id"]))) == nil && w.Documents("400") {
		return w.Refuse(400, "")
	}
	return nil
}

// publish lets one version of an agent be the published one, or none, and phones be
// the agent's.
func publish(w engine.Work) (engine.Response, bool, error) {
	agent, sent := w.Request().Path["agent_id"], body(w)
	wanted := text(sent["version_id"])
	all := w.Items("agent/version", agent)
	known := wanted == "" || slices.ContainsFunc(all, func(v object) bool { return strings.EqualFold(text(v["version_id"]), wanted) })
	phones := map[string]string{"inbound_phone_number_id": "inbound_agent_id", "outbound_phone_number_id": "outbound_agent_id"}
	for from := range phones {
		known = known && (text(sent[from]) == "" || w.Item("phone", strings.ToLower(text(sent[from]))) != nil)
	}
	if !known && w.Documents("400") {
		return engine.Response{}, true, w.Refuse(400, "")
	}
	for _, v := range all {
		w.Change("agent/version", text(v["version_id"]), object{"is_published": wanted != "" && strings.EqualFold(text(v["version_id"]), wanted)})
	}
	w.Change("agent", agent, object{"is_published": wanted != ""})
	for from, to := range phones {
		for _, phone := range w.Items("phone", "") {
			if phone[to] == agent {
				w.Change("phone", text(phone["id"]), object{to: nil})
			}
		}
		w.Change("phone", strings.ToLower(text(sent[from])), object{to: agent})
	}
	resp, err := w.Show(object{
		"agent_id": agent, "published_version_id": sent["version_id"],
		"inbound_phone_number_id": sent["inbound_phone_number_id"], "outbound_phone_number_id": sent["outbound_phone_number_id"],
	})
	return resp, true, err
}

// dropdown lists agents with their versions, the draft first, newest agents first.
func dropdown(w engine.Work) (engine.Response, bool, error) {
	var list []any
	for _, agent := range w.Items("agent", "") {
		all := append(w.Items("agent/version", text(agent["agent_id"])), agent)
		shown := make([]any, len(all))
		for i, v := range all {
			shown[len(all)-1-i] = object{
				"version_id": v["version_id"], "version_name": v["version_name"], "version_number": v["version_number"],
				"is_published": v["is_published"] == true && v["is_draft"] != true, "is_draft": v["is_draft"] == true,
			}
		}
		list = append(list, object{"agent_id": agent["agent_id"], "name": agent["name"], "versions": shown})
	}
	slices.Reverse(list)
	if list == nil {
		list = []any{}
	}
	resp, err := w.Show(list)
	return resp, true, err
}

// knowledgeItem is named by the base that it belongs to, and by no other. To index it takes
// no time. Those there from the start tell their bases when all of them are there.
func knowledgeItem(w engine.Work, e engine.Entry) {
	if e.New && e.Ordinal >= 0 {
		return
	}
	if e.New {
		e.Set("status", "uploaded")
	}
	id := text(e.Value["id"])
	belong(w, id, text(w.Item("knowledge/item", id)["knowledge_base_id"]), text(e.Value["knowledge_base_id"]))
}

// belong lets a base name an item, and not the base that did before.
func belong(w engine.Work, id, before, base string) {
	for _, name := range []string{before, base} {
		of := w.Item("knowledge/base", name)
		ids, _ := of["knowledge_item_ids"].([]any)
		if i := slices.Index(ids, any(id)); of != nil && (i >= 0) != (name == base) {
			ids = slices.Clone(ids)
			if i >= 0 {
				ids = slices.Delete(ids, i, i+1)
			} else {
				ids = append(ids, id)
			}
			w.Change("knowledge/base", name, object{"knowledge_item_ids": ids})
		}
	}
}

// knowledgeBase is that of the items it names; of those there from the start the items say it.
func knowledgeBase(w engine.Work, e engine.Entry) {
	id, ids := text(e.Value["id"]), []any{}
	if e.Ordinal >= 0 && e.New {
		e.Value["knowledge_item_ids"] = ids
		return
	}
	w.Item("knowledge/item", "") // they are there from now on, and have told their bases
	had, _ := w.Item("knowledge/base", id)["knowledge_item_ids"].([]any)
	if e.Ordinal >= 0 {
		e.Value["knowledge_item_ids"] = append(ids, had...)
		return
	}
	named, _ := e.Value["knowledge_item_ids"].([]any)
	names := map[any]bool{}
	for _, one := range named {
		item := w.Item("knowledge/item", text(one))
		if item == nil || names[one] {
			continue
		}
		names[one], ids = true, append(ids, one)
		belong(w, text(one), text(item["knowledge_base_id"]), id)
		w.Change("knowledge/item", text(one), object{"knowledge_base_id": id})
	}
	for _, one := range had {
		if !names[one] {
			w.Change("knowledge/item", text(one), object{"knowledge_base_id": nil})
		}
	}
	e.Value["knowledge_item_ids"] = ids
}

// deleteBase deletes the items of a base with it.
func deleteBase(w engine.Work) (engine.Response, bool, error) {
	id := w.Request().Path["id"]
	if w.Item("knowledge/base", id) != nil {
		w.Remove("knowledge/item", func(item object) bool { return item["knowledge_base_id"] == id })
	}
	return engine.Response{}, false, nil
}

// testFlow makes an execution, which has succeeded.
func testFlow(w engine.Work) (engine.Response, bool, error) {
	flow := w.Item("workflow", w.Request().Path["flow_id"])
	if flow == nil {
		return engine.Response{}, false, nil
	}
	now := w.Request().Now.UTC().Format(instant)
	run := w.Create("workflow/executions", text(flow["id"]), object{
		"status": "SUCCEEDED", "flowDisplayName": flow["name"], "created": now, "updated": now, "startTime": now, "finishTime": now, "duration": numeral(0), "failedStep": nil,
	})
	if run == nil {
		return engine.Response{}, false, nil
	}
	resp, err := w.Show(object{"success": true, "runId": run["id"], "status": run["status"], "duration": run["duration"], "steps": run["steps"]})
	return resp, true, err
}
