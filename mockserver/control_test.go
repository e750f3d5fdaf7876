package mockserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/spec/spectest"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/control"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/journal"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// controlOf returns the generated client of the server's control API.
func controlOf(t *testing.T, srv *mockserver.Server) *control.ClientWithResponses {
	t.Helper()
	api, err := control.NewClientWithResponses(srv.URL())
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// ok fails t unless a call of the control API was answered with a status of
// success.
func ok(t *testing.T, resp interface {
	StatusCode() int
	GetBody() []byte
}, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode() >= 300 {
		t.Fatalf("answered %d: %s", resp.StatusCode(), resp.GetBody())
	}
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// powers are all the powers of a test author, through the Go door and through
// the HTTP door.
var powers = []struct {
	name string
	inGo func(*testing.T, *mockserver.Server, *mockserver.Project)
	http func(*testing.T, *control.ClientWithResponses, string)
}{
	{"CreateProject", func(t *testing.T, srv *mockserver.Server, _ *mockserver.Project) {
		_, err := srv.CreateProject("other", 7)
		try(t, err)
	}, func(t *testing.T, api *control.ClientWithResponses, _ string) {
		name, keys := "other", 7
		resp, err := api.CreateProjectWithResponse(t.Context(), control.NewProject{Name: &name, Keys: &keys})
		ok(t, resp, err)
	}},
	{"Delete", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		try(t, p.Delete())
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		resp, err := api.DeleteProjectWithResponse(t.Context(), id)
		ok(t, resp, err)
	}},
	{"CreateKey", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		_, _, err := p.CreateKey(store.KeySpec{Name: "New", Permissions: []string{"calls.view"}})
		try(t, err)
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		resp, err := api.CreateAPIKeyWithResponse(t.Context(), id, nil, control.NewKey{Name: "New", Permissions: &[]string{"calls.view"}})
		ok(t, resp, err)
	}},
	{"CreateKey with levels", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		permissions, err := diga.Access{"Calls": diga.Read, "Agents": diga.Write}.Permissions()
		try(t, err)
		_, _, err = p.CreateKey(store.KeySpec{Name: "New", Permissions: permissions})
		try(t, err)
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		resp, err := api.CreateAPIKeyWithResponse(t.Context(), id, nil, control.NewKey{Name: "New", Access: &map[string]string{"Calls": "Read", "Agents": "Write"}})
		ok(t, resp, err)
	}},
	{"CreateKey, unrestricted", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		_, _, err := p.CreateKey(store.KeySpec{Name: "New"})
		try(t, err)
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		resp, err := api.CreateAPIKeyWithResponse(t.Context(), id, nil, control.NewKey{Name: "New"})
		ok(t, resp, err)
	}},
	{"DeleteKey", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		try(t, p.DeleteKey(p.AdminKeyID))
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		keys, err := api.ListAPIKeysWithResponse(t.Context(), id, nil)
		ok(t, keys, err)
		admin := keys.JSON200.APIKeys[len(keys.JSON200.APIKeys)-1].ID
		resp, err := api.DeleteAPIKeyWithResponse(t.Context(), id, admin, nil)
		ok(t, resp, err)
	}},
	{"AddMember", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		_, err := p.AddMember("Alan", store.PlainMember)
		try(t, err)
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		resp, err := api.CreateMemberWithResponse(t.Context(), id, control.NewMember{Name: "Alan"})
		ok(t, resp, err)
	}},
	{"Inject", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		_, err := p.Inject(fault.Spec{Status: 500, Times: 2, Match: fault.Match{Query: map[string]string{"page": "2"}}})
		try(t, err)
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		resp, err := api.InjectFaultWithResponse(t.Context(), id, control.FaultSpec{Status: 500, Times: 2, Match: fault.Match{Query: map[string]string{"page": "2"}}})
		ok(t, resp, err)
	}},
	{"RemoveFault", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		f, err := p.Inject(fault.Spec{Status: 500})
		try(t, err)
		try(t, p.RemoveFault(f.ID))
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		f, err := api.InjectFaultWithResponse(t.Context(), id, control.FaultSpec{Status: 500})
		ok(t, f, err)
		resp, err := api.DeleteFaultWithResponse(t.Context(), id, f.JSON201.ID)
		ok(t, resp, err)
	}},
	{"ClearFaults", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		_, err := p.Inject(fault.Spec{Status: 500})
		try(t, err)
		try(t, p.ClearFaults())
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		f, err := api.InjectFaultWithResponse(t.Context(), id, control.FaultSpec{Status: 500})
		ok(t, f, err)
		resp, err := api.ClearFaultsWithResponse(t.Context(), id)
		ok(t, resp, err)
	}},
	{"Advance", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		try(t, p.Advance(90*time.Minute))
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		by := "1h30m"
		resp, err := api.PutClockWithResponse(t.Context(), id, control.ClockAction{Action: "advance", By: &by})
		ok(t, resp, err)
	}},
	{"SetClock", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		try(t, p.SetClock(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)))
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		to := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
		resp, err := api.PutClockWithResponse(t.Context(), id, control.ClockAction{Action: "set", Instant: &to})
		ok(t, resp, err)
	}},
	{"Run and Freeze", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		try(t, p.Run())
		try(t, p.Freeze())
		try(t, p.SetClock(time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)))
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		resp, err := api.PutClockWithResponse(t.Context(), id, control.ClockAction{Action: "run"})
		ok(t, resp, err)
		if resp.JSON200.Frozen {
			t.Error("it does not run")
		}
		to := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
		resp, err = api.PutClockWithResponse(t.Context(), id, control.ClockAction{Action: "freeze", Instant: &to})
		ok(t, resp, err)
	}},
	{"Snapshot and Restore", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		s, err := p.Snapshot()
		try(t, err)
		try(t, p.DeleteKey(p.AdminKeyID))
		try(t, p.Restore(s))
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		s, err := api.GetSnapshotWithResponse(t.Context(), id)
		ok(t, s, err)
		resp, err := api.PutSnapshotWithResponse(t.Context(), id, *s.JSON200)
		ok(t, resp, err)
	}},
	{"Reset of a project", func(t *testing.T, _ *mockserver.Server, p *mockserver.Project) {
		_, _, err := p.CreateKey(store.KeySpec{Name: "New"})
		try(t, err)
		try(t, p.Reset())
	}, func(t *testing.T, api *control.ClientWithResponses, id string) {
		k, err := api.CreateAPIKeyWithResponse(t.Context(), id, nil, control.NewKey{Name: "New"})
		ok(t, k, err)
		resp, err := api.ResetProjectWithResponse(t.Context(), id)
		ok(t, resp, err)
	}},
	{"Reset", func(t *testing.T, srv *mockserver.Server, _ *mockserver.Project) {
		try(t, srv.Reset())
	}, func(t *testing.T, api *control.ClientWithResponses, _ string) {
		resp, err := api.ResetAllWithResponse(t.Context())
		ok(t, resp, err)
	}},
}

// state is all there is to see of a server.
func state(t *testing.T, srv *mockserver.Server) map[string]server.Snapshot {
	t.Helper()
	all := map[string]server.Snapshot{}
	for _, s := range srv.Store().Projects() {
		p, err := srv.Project(s.ID().String())
		try(t, err)
		all[s.Name()], err = p.Snapshot()
		try(t, err)
	}
	return all
}

func TestGoAndHTTPDoTheSame(t *testing.T) {
	t.Parallel()
	for _, power := range powers {
		t.Run(power.name, func(t *testing.T) {
			t.Parallel()
			begin := func() (*mockserver.Server, *mockserver.Project) {
				srv, err := mockserver.New(mockserver.WithFrozenClock(time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC)), mockserver.WithKnownSecrets())
				try(t, err)
				p, err := srv.CreateProject("mine", 3)
				try(t, err)
				return srv, p
			}
			inGo, p := begin()
			power.inGo(t, inGo, p)
			overHTTP, q := begin()
			api, err := control.NewClientWithResponses("http://mock.test", control.WithHTTPClient(&http.Client{Transport: overHTTP.Transport()}))
			try(t, err)
			power.http(t, api, q.ID().String())
			if diff := cmp.Diff(state(t, inGo), state(t, overHTTP), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("state after it (-Go +HTTP):\n%s", diff)
			}
		})
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	try(t, err)
	return string(b)
}

// Reading is the same through both doors, too.
func TestGoAndHTTPShowTheSame(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	p, err := srv.CreateProject("mine", 60)
	try(t, err)
	api, id := controlOf(t, srv), p.ID().String()
	_, err = p.Inject(fault.Spec{Status: 503, Times: 1})
	try(t, err)
	for range 3 {
		call(t, http.MethodGet, srv.URL()+keysPath+"?limit=2", as(p.AdminKey))
	}
	call(t, http.MethodGet, srv.URL()+keysPath+"?limit=0", as(p.AdminKey))
	call(t, http.MethodGet, srv.URL()+keysPath, as("nobody"))

	listed, err := api.ListAPIKeysWithResponse(t.Context(), id, &control.ListAPIKeysParams{Search: new("crm")})
	ok(t, listed, err)
	found, err := p.Keys("crm")
	try(t, err)
	if len(found) == 0 || len(listed.JSON200.APIKeys) != len(found) || listed.JSON200.APIKeys[0].ID != found[0].ID {
		t.Errorf("searching finds %d keys in Go, %d over HTTP", len(found), len(listed.JSON200.APIKeys))
	}

	status, broken := "4xx", true
	requests, err := api.ListRequestsWithResponse(t.Context(), id, &control.ListRequestsParams{Status: &status, Violations: &broken})
	ok(t, requests, err)
	want := p.Requests(journal.Filter{Status: status, Violations: &broken})
	if diff := cmp.Diff(asJSON(t, want), asJSON(t, requests.JSON200.Requests)); diff != "" || len(want) != 1 {
		t.Errorf("requests (-Go +HTTP):\n%s", diff)
	}
	count, err := api.CountRequestsWithResponse(t.Context(), id, nil)
	ok(t, count, err)
	if count.JSON200.Count != 4 {
		t.Errorf("counted %d requests, want 4", count.JSON200.Count)
	}
	nobodys, err := api.CountRequestsWithResponse(t.Context(), server.Unauthenticated, nil)
	ok(t, nobodys, err)
	if nobodys.JSON200.Count != 1 {
		t.Errorf("counted %d requests without a valid key, want 1", nobodys.JSON200.Count)
	}
	faults, err := api.ListFaultsWithResponse(t.Context(), id)
	ok(t, faults, err)
	inGo, err := p.Faults()
	try(t, err)
	if diff := cmp.Diff(inGo, faults.JSON200.Faults); diff != "" || inGo[0].Fired != 1 {
		t.Errorf("faults (-Go +HTTP):\n%s", diff)
	}
	covered, err := api.GetCoverageWithResponse(t.Context(), id)
	ok(t, covered, err)
	if diff := cmp.Diff(p.Coverage(), *covered.JSON200); diff != "" || p.Coverage().Operations[0].Calls != 4 {
		t.Errorf("coverage (-Go +HTTP):\n%s", diff)
	}
	health, err := api.GetHealthWithResponse(t.Context())
	ok(t, health, err)
	if health.JSON200.Projects != 2 || health.JSON200.BadResponses != 0 {
		t.Errorf("health says %+v", health.JSON200)
	}
	document, err := api.GetOpenAPIWithResponse(t.Context())
	ok(t, document, err)
	if string(document.Body) != string(spectest.Seed()) {
		t.Error("openapi.json is not the published document, byte for byte")
	}
	own, err := api.GetControlWithResponse(t.Context())
	ok(t, own, err)
	if !strings.Contains(string(own.Body), "/_mock/control.json") {
		t.Error("control.json does not describe itself")
	}
	cleared, err := api.ClearRequestsWithResponse(t.Context(), id)
	ok(t, cleared, err)
	if n := p.Journal().Count(journal.Filter{}); n != 0 {
		t.Errorf("%d requests are left in the journal", n)
	}
}

func TestControlRefuses(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	p, err := srv.CreateProject("mine", 1)
	try(t, err)
	plain, err := p.AddMember("Alan", store.PlainMember)
	try(t, err)
	const keys = "/_mock/projects/mine/api_keys"
	for _, tc := range []struct {
		name, method, path, body string
		header                   http.Header
		status                   int
		says                     string // in the problem
	}{
		{"unknown path", "GET", "/_mock/nowhere", "", nil, 404, "documented path"},
		{"wrong method", "PATCH", "/_mock/projects", "", nil, 405, "documented method"},
		{"unknown project", "GET", "/_mock/projects/nobodys", "", nil, 404, `no such project: \"nobodys\"`},
		{"no JSON", "POST", "/_mock/projects", "{", nil, 422, "JSON"},
		{"no JSON type", "POST", "/_mock/projects", "a=b", http.Header{"Content-Type": {"text/plain"}}, 422, "Content-Type"},
		{"too many keys", "POST", "/_mock/projects", `{"keys":1000001}`, nil, 422, `"pointer":"/keys"`},
		{"no key", "POST", "/_mock/projects", `{"keys":0}`, nil, 422, `"pointer":"/keys"`},
		{"unknown field", "POST", "/_mock/projects", `{"colour":"x"}`, nil, 422, `/colour`},
		{"name taken", "POST", "/_mock/projects", `{"name":"mine"}`, nil, 409, "taken"},
		{"no name", "POST", keys, `{}`, nil, 422, `name`},
		{"a long name", "POST", keys, `{"name":"` + strings.Repeat("a", 256) + `"}`, nil, 422, `"pointer":"/name"`},
		{"unknown permission", "POST", keys, `{"name":"x","permissions":["calls.listen"]}`, nil, 422, `calls.listen`},
		{"unknown resource", "POST", keys, `{"name":"x","access":{"Call":"Read"}}`, nil, 422, `no resource`},
		{"unknown level", "POST", keys, `{"name":"x","access":{"Calls":"read"}}`, nil, 422, `no level`},
		{"both", "POST", keys, `{"name":"x","access":{},"permissions":[]}`, nil, 422, `body`},
		{"unknown key", "DELETE", keys + "/" + uuid.Nil.String(), "", nil, 404, "no such key"},
		{"no id", "DELETE", keys + "/1", "", nil, 422, "key_id"},
		{"a plain member", "GET", keys, "", http.Header{"X-Mock-Member": {plain.ID.String()}}, 403, "administrators"},
		{"a plain member creates", "POST", keys, `{"name":"x"}`, http.Header{"X-Mock-Member": {plain.ID.String()}}, 403, "administrators"},
		{"a stranger", "GET", keys, "", http.Header{"X-Mock-Member": {uuid.Nil.String()}}, 422, "X-Mock-Member"},
		{"unknown role", "POST", "/_mock/projects/mine/members", `{"name":"x","role":"owner"}`, nil, 422, `"pointer":"/role"`},
		{"a fault that does nothing", "POST", "/_mock/projects/mine/faults", `{}`, nil, 422, "fault"},
		{"a fault's field", "POST", "/_mock/projects/mine/faults", `{"status":99}`, nil, 422, `"pointer":"/status"`},
		{"a fault's operation", "POST", "/_mock/projects/mine/faults", `{"status":500,"match":{"operation":"x"}}`, nil, 422, `/match/operation`},
		{"unknown fault", "DELETE", "/_mock/projects/mine/faults/fault-9", "", nil, 404, "no such fault"},
		{"a status", "GET", "/_mock/projects/mine/requests?status=40", "", nil, 422, "status"},
		{"an action", "PUT", "/_mock/projects/mine/clock", `{"action":"stop"}`, nil, 422, `"pointer":"/action"`},
		{"no instant", "PUT", "/_mock/projects/mine/clock", `{"action":"set"}`, nil, 422, `"pointer":"/instant"`},
		{"no duration", "PUT", "/_mock/projects/mine/clock", `{"action":"advance","by":"soon"}`, nil, 422, `"pointer":"/by"`},
		{"a snapshot of another", "PUT", "/_mock/projects/mine/snapshot", snapshotOf(t, srv, "demo"), nil, 422, "snapshot is of project"},
		{"a snapshot's version", "PUT", "/_mock/projects/mine/snapshot", `{"schema_version":2}`, nil, 422, "/schema_version"},
		{"keys of nobody", "GET", "/_mock/projects/_unauthenticated/api_keys", "", nil, 409, "journal and nothing else"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), tc.method, srv.URL()+tc.path, strings.NewReader(tc.body))
			try(t, err)
			if r.Header = tc.header.Clone(); r.Header == nil {
				r.Header = http.Header{}
			}
			if tc.body != "" && r.Header.Get("Content-Type") == "" {
				r.Header.Set("Content-Type", "application/json")
			}
			resp, err := http.DefaultClient.Do(r)
			try(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			try(t, err)
			if resp.StatusCode != tc.status || resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("answered %d %s, want %d as a problem document: %s", resp.StatusCode, resp.Header.Get("Content-Type"), tc.status, body)
			}
			if !strings.Contains(string(body), tc.says) {
				t.Errorf("the problem does not say %s: %s", tc.says, body)
			}
		})
	}
}

func snapshotOf(t *testing.T, srv *mockserver.Server, name string) string {
	t.Helper()
	return string(call(t, http.MethodGet, srv.URL()+"/_mock/projects/"+name+"/snapshot", http.Header{}).body)
}

func TestASecretIsShownOnceAndWorksUntilDeleted(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	p, err := srv.CreateProject("mine", 1)
	try(t, err)
	api := controlOf(t, srv)
	created, err := api.CreateAPIKeyWithResponse(t.Context(), "mine", nil, control.NewKey{Name: "New"})
	ok(t, created, err)
	secret := created.JSON201.Secret
	if a := call(t, http.MethodGet, srv.URL()+keysPath, as(secret)); a.status != http.StatusOK || strings.Contains(string(a.body), secret) {
		t.Errorf("the new key is answered %d: %s", a.status, a.body)
	}
	for _, path := range []string{"", "/api_keys", "/snapshot", "/requests", "/members"} {
		if a := call(t, http.MethodGet, srv.URL()+"/_mock/projects/mine"+path, http.Header{}); strings.Contains(string(a.body), secret) || strings.Contains(string(a.body), p.AdminKey) {
			t.Errorf("%s shows a secret", path)
		}
	}
	deleted, err := api.DeleteAPIKeyWithResponse(t.Context(), "mine", created.JSON201.ID, nil)
	ok(t, deleted, err)
	wantError(t, call(t, http.MethodGet, srv.URL()+keysPath, as(secret)), http.StatusForbidden, "INTERNAL_SERVER_ERROR", "Invalid API key")
}

func TestSnapshotsOverHTTP(t *testing.T) {
	t.Parallel()
	srv := mockserver.Start(t)
	p, err := srv.CreateProject("mine", 5)
	try(t, err)
	_, err = p.Inject(fault.Spec{Status: 500, Times: 3, Skip: 1, Probability: new(0.5), Seed: 7})
	try(t, err)
	api := controlOf(t, srv)
	before := call(t, http.MethodGet, srv.URL()+keysPath, as(p.AdminKey))
	saved, err := api.GetSnapshotWithResponse(t.Context(), "mine")
	ok(t, saved, err)

	try(t, p.DeleteKey(p.AdminKeyID))
	_, _, err = p.CreateKey(store.KeySpec{Name: "later"})
	try(t, err)
	try(t, p.ClearFaults())
	try(t, p.Advance(time.Hour))

	restored, err := api.PutSnapshotWithResponse(t.Context(), "mine", *saved.JSON200)
	ok(t, restored, err)
	again, err := api.GetSnapshotWithResponse(t.Context(), "mine")
	ok(t, again, err)
	want, got := *saved.JSON200, *again.JSON200
	if got.Project.Created <= want.Project.Created {
		t.Errorf("%d keys have been made, and before %d: an id would be given out again", got.Project.Created, want.Project.Created)
	}
	got.Project.Created, got.ID = want.Project.Created, want.ID
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the state (-saved +restored):\n%s", diff)
	}
	try(t, p.ClearFaults())
	after := call(t, http.MethodGet, srv.URL()+keysPath, as(p.AdminKey))
	if diff := cmp.Diff(string(before.body), string(after.body)); diff != "" {
		t.Errorf("the list (-before +after):\n%s", diff)
	}
}

func TestEventsArriveAndEndWithTheServer(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer // read when the server has ended
	srv, err := mockserver.New(mockserver.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	try(t, err)
	l := newPipeListener()
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, l) }()
	client := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return l.dial(), nil }}}
	resp, err := client.Get("http://localhost/_mock/projects/demo/events")
	try(t, err)
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("answered %s, %s", resp.Status, resp.Header.Get("Content-Type"))
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost"+keysPath+"?limit=1", nil)
	try(t, err)
	r.Header = as(mockserver.ReadOnlyKey)
	list, err := client.Do(r)
	try(t, err)
	list.Body.Close()
	event := make([]byte, 4096)
	n, err := resp.Body.Read(event)
	try(t, err)
	for !strings.Contains(string(event[:n]), "\n\n") && err == nil {
		var more int
		more, err = resp.Body.Read(event[n:])
		n += more
	}
	if got := string(event[:n]); !strings.Contains(got, "event: exchange\n") || !strings.Contains(got, `"query":"limit=1"`) || strings.Contains(got, mockserver.ReadOnlyKey) {
		t.Errorf("the event is %q", got)
	}
	stop()
	if _, err := io.ReadAll(resp.Body); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the stream ended with %v", err)
	}
	if err := <-served; err != nil {
		t.Errorf("serving ended with %v: the stream held it up", err)
	}
	if log.Len() > 0 {
		t.Errorf("logged: %s", &log)
	}
}
