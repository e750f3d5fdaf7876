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
	wanted := valueOf(request.Body)
	keys := valueOr(wanted.Keys, defaultKeys)
	p, err := h.World.CreateProject(valueOf(wanted.Name), keys)
	if err != nil {
		return nil, err
	}
	return CreateProject201JSONResponse{
		ID: p.ID(), Name: p.Name(), Keys: keys, AdminKey: p.AdminKey, AdminKeyID: p.AdminKeyID, AdminID: p.AdminID,
	}, nil
}

// GetProject answers GET /_mock/projects/{project}.
func (h handlers) GetProject(ctx context.Context, _ GetProjectRequestObject) (GetProjectResponseObject, error) {
	p := projectFrom(ctx)
	shown, err := showProject(p)
	return GetProject200JSONResponse(shown), err
}

// DeleteProject answers DELETE /_mock/projects/{project}.
func (h handlers) DeleteProject(ctx context.Context, _ DeleteProjectRequestObject) (DeleteProjectResponseObject, error) {
	return DeleteProject204Response{}, projectFrom(ctx).Delete()
}

// ResetProject answers POST /_mock/projects/{project}/reset.
func (h handlers) ResetProject(ctx context.Context, _ ResetProjectRequestObject) (ResetProjectResponseObject, error) {
	return ResetProject204Response{}, projectFrom(ctx).Reset()
}

// GetSnapshot answers GET /_mock/projects/{project}/snapshot.
func (h handlers) GetSnapshot(ctx context.Context, _ GetSnapshotRequestObject) (GetSnapshotResponseObject, error) {
	p := projectFrom(ctx)
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
func (h handlers) PutSnapshot(ctx context.Context, request PutSnapshotRequestObject) (PutSnapshotResponseObject, error) {
	err := projectFrom(ctx).Restore(*request.Body)
	if _, ours := problemOf(err); err != nil && !ours {
		err = invalidBody("/project", err) // what a store does not take
	}
	return PutSnapshot204Response{}, err
}

// GetDiff answers GET /_mock/projects/{project}/diff.
func (h handlers) GetDiff(ctx context.Context, request GetDiffRequestObject) (GetDiffResponseObject, error) {
	p := projectFrom(ctx)
	d, err := p.Diff(valueOr(request.Params.Since, server.Start), valueOr(request.Params.Limit, defaultChanges))
	return GetDiff200JSONResponse(d), err
}

// ListMembers answers GET /_mock/projects/{project}/members.
func (h handlers) ListMembers(ctx context.Context, _ ListMembersRequestObject) (ListMembersResponseObject, error) {
	p := projectFrom(ctx)
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
func (h handlers) CreateMember(ctx context.Context, request CreateMemberRequestObject) (CreateMemberResponseObject, error) {
	p := projectFrom(ctx)
	m, err := p.AddMember(request.Body.Name, store.Role(valueOr(request.Body.Role, RoleMember)))
	return CreateMember201JSONResponse{ID: m.ID, Name: m.Name, Role: Role(m.Role)}, err
}
