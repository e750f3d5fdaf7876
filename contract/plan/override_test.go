package plan_test

import (
	"strings"
	"testing"

	"github.com/digakit/digakit/contract/plan"
)

const agents = `
	Agent = {agent_id:uuid name:str is_published:bool tags:[str]}
	Run = {id:uuid agent_id:uuid state:str}
	Template = {id:uuid name:str}
	GET /agent?limit:int&label:str -> 200 {data:[Agent]}
	GET /agent/{agent_id} -> 200 Agent
	PATCH /agent/{agent_id}/published_version {version:str title:str} -> 200 {agent_id:uuid version:str}
	GET /agent/{agent_id}/run -> 200 [Run]
	POST /agent/{agent_id}/test -> 200 {run_id:uuid ok:bool}
	GET /template -> 200 [Template]
	GET /template/{template_id} -> 200 Template
	POST /template/{template_id}/install {name:str} -> 200 {edit_url:str}
	GET /usage -> 200 {bytes:int}
`

func TestOverrides(t *testing.T) {
	t.Parallel()
	overrides, err := plan.ParseOverrides("lines.yaml", []byte(`
PATCH /agent/{agent_id}/published_version: act on agent
POST /agent/{agent_id}/test: create agent/run
POST /template/{template_id}/install: copy into agent
GET /agent: sampled
GET /usage: sampled
`))
	if err != nil {
		t.Fatal(err)
	}
	p := planOf(t, agents, overrides...)
	publish := line(t, p, "PATCH", "/agent/{agent_id}/published_version")
	if publish.Text() != "act on agent" || publish.Basis != plan.Overridden || publish.Reason != "set by hand" || publish.Item != "agent_id" {
		t.Errorf("publish is %s, %s (%s) of %s", publish.Text(), publish.Basis, publish.Reason, publish.Item)
	}
	test := line(t, p, "POST", "/agent/{agent_id}/test")
	if test.Text() != "create agent/run" || !p.Collection("agent/run").Creatable {
		t.Errorf("test is %s; agent/run creatable: %v", test.Text(), p.Collection("agent/run").Creatable)
	}
	install := line(t, p, "POST", "/template/{template_id}/install")
	if install.Text() != "copy into agent" || install.Source != "template" || install.Item != "template_id" || install.Write.Mappings[0].To != "name" {
		t.Errorf("install is %s from %s %s, and writes %+v", install.Text(), install.Source, install.Item, install.Write)
	}
	if list := line(t, p, "GET", "/agent"); list.List != nil || list.Kind != plan.Sampled || list.Collection != "" {
		t.Errorf("the list is %s, with %v", list.Text(), list.List)
	}
	if got := p.Summary(); got != "9 operations in 3 collections: 4 inferred, 5 set by hand, 0 sampled" {
		t.Errorf("summary: %s", got)
	}
}

func TestOverridesThatDoNotFit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ why, lines, want string }{
		{"no operation", `nothing: sampled`, "f:1:1: the document has no operation nothing: write an operationId, or METHOD and path"},
		{"no collection", `GET /usage: list agents`, "f:1:1: GET /usage: the document has no collection agents: it has agent, agent/run, template"},
		{"no item in the path", `GET /usage: read agent`, `f:1:1: GET /usage: "read agent" needs an item, and the path has no parameter`},
		{"all of them", "a: sampled\nb: sampled", "f:2:1: the document has no operation b"},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			overrides, err := plan.ParseOverrides("f", []byte(test.lines))
			if err != nil {
				t.Fatal(err)
			}
			if _, err = plan.New(documentOf(t, agents), overrides...); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v\nwant %s", err, test.want)
			}
		})
	}
}

func TestOverridesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ why, lines, want string }{
		{"no YAML", "a: [", "f:1:1: neither JSON nor YAML"},
		{"no mapping", "- sampled", "f:1:1: the file is a mapping; write `operation: plan`, one a line"},
		{"no plan", "a: guess", `f:1:1: "guess" is no plan: write one of list, create,`},
		{"a plan without its collection", "a: list", `f:1:1: "list" is no plan`},
		{"a list in the place of a plan", "a: [sampled]", "f:1:1: a: this is no plan; write one, such as `sampled`"},
		{"twice", "a: sampled\na: sampled", "f:2:1: this key is given twice, first with the value at line 1; keep one"},
		{"a mapping in the place of a plan", "a:\n  plan: sampled", "f:1:1: a: this is no plan; write one, such as `sampled`"},
		{"a second document", "a: sampled\n---\nb: sampled", "a second YAML document begins here"},
	} {
		t.Run(test.why, func(t *testing.T) {
			t.Parallel()
			if _, err := plan.ParseOverrides("f", []byte(test.lines)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error is %v\nwant %s", err, test.want)
			}
		})
	}
	for _, lines := range []string{"", "# nothing yet\n"} {
		if overrides, err := plan.ParseOverrides("f", []byte(lines)); err != nil || overrides != nil {
			t.Errorf("%q: %v, %v", lines, overrides, err)
		}
	}
}
