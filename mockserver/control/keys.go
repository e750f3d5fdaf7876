package control

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/project"
	"github.com/digakit/digakit/mockserver/world"
)

// defaultKeysShown is the documented default of the parameter limit.
const defaultKeysShown = 1000

// administered returns the project, and who acts on its keys: an administrator.
func (h handlers) administered(idOrName string, member *uuid.UUID) (*world.Project, uuid.UUID, error) {
	p, err := h.World.Project(idOrName)
	if err != nil {
		return nil, uuid.Nil, err
	}
	acting, err := p.Acting(member)
	if errors.Is(err, project.ErrNoMember) {
		name := "X-Mock-Member"
		err = &problem{
			status: 422, detail: "header " + name + " must be the id of a member of the project",
			errors: []FieldError{{In: "header", Name: &name, Message: "must be the id of a member of the project"}},
		}
	}
	return p, acting, err
}

// ListAPIKeys answers GET /_mock/projects/{project}/api_keys.
func (h handlers) ListAPIKeys(_ context.Context, request ListAPIKeysRequestObject) (ListAPIKeysResponseObject, error) {
	p, _, err := h.administered(request.Project, request.Params.XMockMember)
	if err != nil {
		return nil, err
	}
	search, limit := "", defaultKeysShown
	if request.Params.Search != nil {
		search = *request.Params.Search
	}
	if request.Params.Limit != nil {
		limit = *request.Params.Limit
	}
	keys, err := p.Keys(search)
	if err != nil {
		return nil, err
	}
	shown := ListAPIKeys200JSONResponse{APIKeys: []Key{}, Total: len(keys)}
	for _, k := range keys[:min(limit, len(keys))] {
		shown.APIKeys = append(shown.APIKeys, showKey(k))
	}
	return shown, nil
}

func showKey(k *project.Key) Key {
	shown := Key{
		ID: k.ID, Name: k.Name, CreatedDate: k.Created, CreatorID: k.CreatorID, LastFourDigits: k.LastFour,
		Restricted:       k.Restricted,
		Permissions:      nullable.NewNullNullable[[]string](),
		Access:           nullable.NewNullNullable[map[string]Level](),
		OtherPermissions: []string{},
	}
	if !k.Restricted {
		return shown
	}
	permissions := []string{}
	for _, p := range k.Permissions {
		permissions = append(permissions, string(p))
	}
	shown.Permissions.Set(permissions)
	levels, others := project.AccessOf(k.Permissions)
	access := make(map[string]Level, len(levels))
	for name, level := range levels {
		access[name] = Level(level)
	}
	shown.Access.Set(access)
	for _, p := range others {
		shown.OtherPermissions = append(shown.OtherPermissions, string(p))
	}
	return shown
}

// CreateAPIKey answers POST /_mock/projects/{project}/api_keys.
func (h handlers) CreateAPIKey(_ context.Context, request CreateAPIKeyRequestObject) (CreateAPIKeyResponseObject, error) {
	p, acting, err := h.administered(request.Project, request.Params.XMockMember)
	if err != nil {
		return nil, err
	}
	spec := project.KeySpec{Name: request.Body.Name, CreatorID: acting}
	if spec.Permissions, err = permissionsOf(request.Body); err != nil {
		return nil, err
	}
	k, secret, err := p.CreateKey(spec)
	if _, ours := problemOf(err); err != nil && !ours {
		return nil, invalidBody("/permissions", err) // the rest has been validated
	}
	if err != nil {
		return nil, err
	}
	shown := showKey(k)
	return CreateAPIKey201JSONResponse{
		ID: shown.ID, Name: shown.Name, CreatedDate: shown.CreatedDate, CreatorID: shown.CreatorID,
		LastFourDigits: shown.LastFourDigits, Restricted: shown.Restricted, Permissions: shown.Permissions,
		Access: shown.Access, OtherPermissions: shown.OtherPermissions, Secret: secret,
	}, nil
}

// permissionsOf returns the permissions of a new key; nil means unrestricted.
func permissionsOf(body *NewKey) ([]gen.Permission, error) {
	switch {
	case body.Permissions != nil:
		permissions := []gen.Permission{}
		for _, p := range *body.Permissions {
			permissions = append(permissions, gen.Permission(p))
		}
		return permissions, nil
	case body.Access != nil:
		access := project.Access{}
		for name, level := range *body.Access {
			access[name] = project.Level(level)
		}
		permissions, err := access.Permissions()
		if err != nil {
			return nil, invalidBody("/access", err)
		}
		return permissions, nil
	}
	return nil, nil
}

// DeleteAPIKey answers DELETE /_mock/projects/{project}/api_keys/{key_id}.
func (h handlers) DeleteAPIKey(_ context.Context, request DeleteAPIKeyRequestObject) (DeleteAPIKeyResponseObject, error) {
	p, _, err := h.administered(request.Project, request.Params.XMockMember)
	if err != nil {
		return nil, err
	}
	return DeleteAPIKey204Response{}, p.DeleteKey(request.KeyID)
}
