package control

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// defaultKeys is how many keys a project is made with: the admin key alone.
const defaultKeys = 1

// defaultChanges is the documented default of the limit of a diff.
const defaultChanges = 100

// ListProjects answers GET /_mock/projects.
func (h handlers) ListProjects(context.Context, ListProjectsRequestObject) (ListProjectsResponseObject, error) {
	shown := ListProjects200JSONResponse{Projects: []Project{}}
	for _, p := range h.World.Projects() {
		one, err := showProject(p)
		if err != nil {
			continue // removed meanwhile
		}
		shown.Projects = append(shown.Projects, one)
	}
	return shown, nil
}

func showProject(p *server.Project) (Project, error) {
	keys, err := p.Len()
	if err != nil {
		return Project{}, err
	}
	members, err := p.Members()
	if err != nil {
		return Project{}, err
	}
	return Project{ID: p.ID(), Name: p.Name(), Keys: keys, Members: len(members)}, nil
}

// CreateProject answers POST /_mock/projects.
func (h handlers) CreateProject(_ context.Context, request CreateProjectRequestObject) (CreateProjectResponseObject, error) {
	name, keys := "", defaultKeys
	if request.Body != nil {
		if request.Body.Name != nil {
			name = *request.Body.Name
		}
		if request.Body.Keys != nil {
			keys = *request.Body.Keys
		}
	}
	p, err := h.World.CreateProject(name, keys)
	if err != nil {
		return nil, err
	}
	return CreateProject201JSONResponse{
		ID: p.ID(), Name: p.Name(), Keys: keys, AdminKey: p.AdminKey, AdminKeyID: p.AdminKeyID, AdminID: p.AdminID,
	}, nil
}

// GetProject answers GET /_mock/projects/{project}.
func (h handlers) GetProject(_ context.Context, request GetProjectRequestObject) (GetProjectResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	shown, err := showProject(p)
	return GetProject200JSONResponse(shown), err
}

// DeleteProject answers DELETE /_mock/projects/{project}.
func (h handlers) DeleteProject(_ context.Context, request DeleteProjectRequestObject) (DeleteProjectResponseObject, error) {
	return DeleteProject204Response{}, h.on(request.Project, (*server.Project).Delete)
}

// ResetProject answers POST /_mock/projects/{project}/reset.
func (h handlers) ResetProject(_ context.Context, request ResetProjectRequestObject) (ResetProjectResponseObject, error) {
	return ResetProject204Response{}, h.on(request.Project, (*server.Project).Reset)
}

// on does f to the project of that id or name.
func (h handlers) on(idOrName string, f func(*server.Project) error) error {
	p, err := h.World.Project(idOrName)
	if err != nil {
		return err
	}
	return f(p)
}

// GetSnapshot answers GET /_mock/projects/{project}/snapshot.
func (h handlers) GetSnapshot(ctx context.Context, request GetSnapshotRequestObject) (GetSnapshotResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	s, err := p.Snapshot()
	return snapshot{GetSnapshot200JSONResponse(s), ctx}, err
}

// snapshot may be larger than any answer that is judged.
type snapshot struct {
	GetSnapshot200JSONResponse
	ctx context.Context
}

func (s snapshot) VisitGetSnapshotResponse(w http.ResponseWriter) error {
	text, err := json.Marshal(s.GetSnapshot200JSONResponse)
	if err != nil {
		return err
	}
	if len(text) > largeAnswer {
		contract.DeclareDeparture(s.ctx, "a large snapshot")
	}
	return published(text).visit(w)
}

// PutSnapshot answers PUT /_mock/projects/{project}/snapshot.
func (h handlers) PutSnapshot(_ context.Context, request PutSnapshotRequestObject) (PutSnapshotResponseObject, error) {
	return PutSnapshot204Response{}, h.on(request.Project, func(p *server.Project) error {
		err := p.Restore(*request.Body)
		if _, ours := problemOf(err); err != nil && !ours {
			return invalidBody("/project", err) // what a store does not take
		}
		return err
	})
}

// GetDiff answers GET /_mock/projects/{project}/diff.
func (h handlers) GetDiff(_ context.Context, request GetDiffRequestObject) (GetDiffResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	since, limit := server.Start, defaultChanges
	if request.Params.Since != nil {
		since = *request.Params.Since
	}
	if request.Params.Limit != nil {
		limit = *request.Params.Limit
	}
	d, err := p.Diff(since, limit)
	return GetDiff200JSONResponse(d), err
}

// ListMembers answers GET /_mock/projects/{project}/members.
func (h handlers) ListMembers(_ context.Context, request ListMembersRequestObject) (ListMembersResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	members, err := p.Members()
	if err != nil {
		return nil, err
	}
	shown := ListMembers200JSONResponse{Members: make([]Member, len(members))}
	for i, m := range members {
		shown.Members[i] = Member{ID: m.ID, Name: m.Name, Role: Role(m.Role)}
	}
	return shown, nil
}

// CreateMember answers POST /_mock/projects/{project}/members.
func (h handlers) CreateMember(_ context.Context, request CreateMemberRequestObject) (CreateMemberResponseObject, error) {
	p, err := h.World.Project(request.Project)
	if err != nil {
		return nil, err
	}
	role := RoleMember
	if request.Body.Role != nil {
		role = *request.Body.Role
	}
	m, err := p.AddMember(request.Body.Name, store.Role(role))
	return CreateMember201JSONResponse{ID: m.ID, Name: m.Name, Role: Role(m.Role)}, err
}
