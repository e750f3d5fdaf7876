package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/digakit/digakit/mockserver/control"
	"github.com/digakit/digakit/mockserver/fault"
	"github.com/digakit/digakit/mockserver/server"
)

type projectIn struct {
	Project string `json:"project,omitempty" jsonschema:"id or name"`
}

type namedProjectIn struct {
	Project string `json:"project" jsonschema:"id or name"`
}

type createKeyIn struct {
	projectIn
	Name        string    `json:"name"`
	Permissions *[]string `json:"permissions,omitempty" jsonschema:"such as calls.view; left out: all; empty: none"`
}

type createKeyOut struct {
	ID     string `json:"id"`
	Secret string `json:"secret" jsonschema:"shown this once"`
}

type clockIn struct {
	projectIn
	control.ClockAction
}

type injectIn struct {
	projectIn
	Fault fault.Spec `json:"fault"`
}

type clearFaultsIn struct {
	projectIn
	ID string `json:"id,omitempty" jsonschema:"of one fault; left out: all"`
}

type snapshotIn struct {
	projectIn
	Name string `json:"name" jsonschema:"to restore it by; one of that name is replaced"`
}

type diffIn struct {
	projectIn
	Since string `json:"since,omitempty" jsonschema:"name given to take_snapshot; left out: how the project began"`
	Limit int    `json:"limit,omitempty" jsonschema:"changes at most; 20 when left out"`
}

func (m *mock) addProjects(s *mcp.Server) {
	add(s, "list_projects", reads, "List the projects. Each has items, keys, faults, journal and clock of its own.", func(ctx context.Context, _ struct{}) (control.ListProjects200JSONResponse, error) {
		return asked[control.ListProjects200JSONResponse](m.control.ListProjects(ctx))
	})
	add(s, "create_project", adds, "Make a project that shares nothing with others. admin_key is the secret of an unrestricted key, for call_operation and the program under test.", func(ctx context.Context, in control.NewProject) (control.CreatedProject, error) {
		return asked[control.CreatedProject](m.control.CreateProject(ctx, in))
	})
	add(s, "create_key", adds, "Make an API key with the permissions given, to see what a program may do with it.", func(ctx context.Context, in createKeyIn) (createKeyOut, error) {
		return asked[createKeyOut](m.control.CreateAPIKey(ctx, m.of(in.Project), nil, control.NewKey{Name: in.Name, Permissions: in.Permissions}))
	})
	add(s, "reset_project", destroys, "Put a project back to how it began: items, keys, clock; no faults, an empty journal.", func(ctx context.Context, in namedProjectIn) (done, error) {
		_, err := asked[json.RawMessage](m.control.ResetProject(ctx, in.Project))
		return done{in.Project + " is as it began"}, err
	})
	add(s, "delete_project", destroys, "Remove a project with all that is in it.", func(ctx context.Context, in namedProjectIn) (done, error) {
		_, err := asked[json.RawMessage](m.control.DeleteProject(ctx, in.Project))
		return done{in.Project + " is removed"}, err
	})
	add(s, "get_clock", reads, "Tell a project's time.", func(ctx context.Context, in projectIn) (control.Clock, error) {
		return asked[control.Clock](m.control.GetClock(ctx, m.of(in.Project)))
	})
	add(s, "set_clock", destroys, "Set a project's time. Action is freeze or set, with an instant such as 2026-01-15T09:30:00Z, run, or advance by a time such as 1h30m.", func(ctx context.Context, in clockIn) (control.Clock, error) {
		return asked[control.Clock](m.control.PutClock(ctx, m.of(in.Project), in.ClockAction))
	})
	add(s, "list_faults", reads, "List a project's faults, with how often each matched and fired.", func(ctx context.Context, in projectIn) (control.ListFaults200JSONResponse, error) {
		return asked[control.ListFaults200JSONResponse](m.control.ListFaults(ctx, m.of(in.Project)))
	})
	add(s, "inject_fault", adds, `Misbehave on purpose on calls that match: answer with a status (its documented example, unless body is given), wait, or break the connection. Such as {"match": {"operation": "OPERATION"}, "status": 500, "times": 1} or {"fixedDelayMilliseconds": 3000}.`, func(ctx context.Context, in injectIn) (fault.Fault, error) {
		return asked[fault.Fault](m.control.InjectFault(ctx, m.of(in.Project), in.Fault))
	})
	add(s, "clear_faults", destroys, "Remove one fault of a project, or all.", func(ctx context.Context, in clearFaultsIn) (done, error) {
		if in.ID != "" {
			_, err := asked[json.RawMessage](m.control.DeleteFault(ctx, m.of(in.Project), in.ID))
			return done{in.ID + " is removed"}, err
		}
		_, err := asked[json.RawMessage](m.control.ClearFaults(ctx, m.of(in.Project)))
		return done{"all faults are removed"}, err
	})
	add(s, "take_snapshot", adds, "Remember the whole state of a project under a name, for as long as this session lasts.", m.takeSnapshot)
	add(s, "state_diff", reads, "Tell what has changed in a project since a snapshot or its beginning: items made, removed and changed, members, faults, clock.", m.stateDiff)
	add(s, "restore_snapshot", destroys, "Put a project back to the state that take_snapshot remembered: the very same ids, dates and keys.", m.restoreSnapshot)
}

func (m *mock) takeSnapshot(ctx context.Context, in snapshotIn) (done, error) {
	taken, err := asked[server.Snapshot](m.control.GetSnapshot(ctx, m.of(in.Project)))
	if err != nil {
		return done{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.snapshots[in.Name] = taken
	return done{fmt.Sprintf("project %s is remembered as %q", taken.Project.Name, in.Name)}, nil
}

func (m *mock) restoreSnapshot(ctx context.Context, in snapshotIn) (done, error) {
	taken, err := m.taken(in.Name)
	if err != nil {
		return done{}, err
	}
	_, err = asked[json.RawMessage](m.control.PutSnapshot(ctx, m.of(in.Project), taken))
	return done{fmt.Sprintf("the project is as it was in %q", in.Name)}, err
}

func (m *mock) stateDiff(ctx context.Context, in diffIn) (server.Diff, error) {
	params := &control.GetDiffParams{Limit: new(orElse(in.Limit, 20))}
	if in.Since != "" {
		taken, err := m.taken(in.Since)
		if err != nil {
			return server.Diff{}, err
		}
		params.Since = &taken.ID
	}
	return asked[server.Diff](m.control.GetDiff(ctx, m.of(in.Project), params))
}

// taken is a snapshot of this session.
func (m *mock) taken(name string) (server.Snapshot, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.snapshots[name]
	if !ok {
		names := strings.Join(slices.Sorted(maps.Keys(m.snapshots)), ", ")
		return s, fmt.Errorf("this session has no snapshot %q, but these: %s; take_snapshot takes one", name, names)
	}
	return s, nil
}
