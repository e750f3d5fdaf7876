package control

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/server"
	"github.com/digakit/digakit/mockserver/store"
)

// defaultKeysShown is the documented default of the parameter limit.
const defaultKeysShown = 1000

// administered returns the project, and who acts on its keys: an administrator.
func administered(ctx context.Context, member *string) (*server.Project, uuid.UUID, error) {
	p := projectFrom(ctx)
	var id *uuid.UUID
	switch role := valueOf(member); role {
	case "", string(store.Administrator):
	case string(store.PlainMember), "reader":
		return nil, uuid.Nil, server.ErrNotAdministrator
	default:
		given, _ := uuid.Parse(role) // nobody has the zero id
		id = &given
	}
	acting, err := p.Acting(id)
	if errors.Is(err, store.ErrNoMember) {
		name, message := "X-Mock-Member", "must be the id of a member of the project, or administrator, member or reader"
		err = &problem{
			status: 422, detail: "header " + name + " " + message,
			errors: []FieldError{{In: "header", Name: &name, Message: message}},
		}
	}
	return p, acting, err
}

// ListAPIKeys answers GET /_mock/projects/{project}/api_keys.
func (h handlers) ListAPIKeys(ctx context.Context, request ListAPIKeysRequestObject) (ListAPIKeysResponseObject, error) {
	p, _, err := administered(ctx, request.Params.XMockMember)
	if err != nil {
		return nil, err
	}
	limit := valueOr(request.Params.Limit, defaultKeysShown)
	offset := valueOf(request.Params.Offset)
	keys, total, err := p.SearchKeys(valueOf(request.Params.Search), offset+limit)
	if err != nil {
		return nil, err
	}
	shown := ListAPIKeys200JSONResponse{APIKeys: []Key{}, Total: total, Editable: h.keysEditable()}
	for _, k := range keys[min(offset, len(keys)):] {
		shown.APIKeys = append(shown.APIKeys, showKey(k))
	}
	return shown, nil
}

func showKey(k *store.Key) Key {
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
	shown.Permissions.Set(slices.Clone(k.Permissions))
	levels, others := diga.AccessOf(k.Permissions)
	access := make(map[string]Level, len(levels))
	for name, level := range levels {
		access[name] = Level(level)
	}
	shown.Access.Set(access)
	shown.OtherPermissions = append(shown.OtherPermissions, others...)
	return shown
}

// CreateAPIKey answers POST /_mock/projects/{project}/api_keys.
func (h handlers) CreateAPIKey(ctx context.Context, request CreateAPIKeyRequestObject) (CreateAPIKeyResponseObject, error) {
	p, acting, err := administered(ctx, request.Params.XMockMember)
	if err != nil {
		return nil, err
	}
	spec := store.KeySpec{Name: request.Body.Name, CreatorID: acting}
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
func permissionsOf(body *NewKey) ([]string, error) {
	switch {
	case body.Permissions != nil:
		return append([]string{}, *body.Permissions...), nil
	case body.Access != nil:
		permissions, err := accessOf(*body.Access).Permissions()
		if err != nil {
			return nil, invalidBody("/access", err)
		}
		return permissions, nil
	}
	return nil, nil
}

func accessOf(levels map[string]string) diga.Access {
	access := diga.Access{}
	for name, level := range levels {
		access[name] = diga.Level(level)
	}
	return access
}

// keysEditable tells whether the document served has an operation that changes a key.
func (h handlers) keysEditable() bool {
	return slices.ContainsFunc(h.World.Plan().Lines, func(l *plan.Line) bool {
		return l.Method == http.MethodPatch && strings.Contains(l.Path, "api_key/{")
	})
}

var errUnrestricted = errors.New("control: must be left out of an unrestricted key; leave it out, or send restricted true")

// UpdateAPIKey answers PATCH /_mock/projects/{project}/api_keys/{key_id}.
func (h handlers) UpdateAPIKey(ctx context.Context, request UpdateAPIKeyRequestObject) (UpdateAPIKeyResponseObject, error) {
	p, _, err := administered(ctx, request.Params.XMockMember)
	if err != nil {
		return nil, err
	}
	if !h.keysEditable() {
		return nil, &problem{status: http.StatusConflict, detail: "the document served has no operation that changes a key; delete it and create another"}
	}
	if r := request.Body.Restricted; r != nil && !*r {
		if request.Body.Permissions != nil && len(*request.Body.Permissions) > 0 {
			return nil, invalidBody("/permissions", errUnrestricted)
		}
		if request.Body.Access != nil {
			return nil, invalidBody("/access", errUnrestricted)
		}
	}
	given, err := permissionsOf(&NewKey{Permissions: request.Body.Permissions, Access: request.Body.Access})
	if err != nil {
		return nil, err
	}
	k, err := p.UpdateKey(request.KeyID, func(k *store.Key) {
		if name := valueOf(request.Body.Name); name != "" {
			k.Name = name
		}
		r := request.Body.Restricted
		restricted := r != nil && *r || r == nil && (given != nil || k.Restricted)
		switch {
		case request.Body.Access != nil:
			k.Permissions = accessOf(*request.Body.Access).Over(k.Permissions)
		case given != nil:
			k.Permissions = given
		}
		k.Restrict(restricted)
	})
	if _, ours := problemOf(err); err != nil && !ours {
		return nil, invalidBody("/permissions", err)
	}
	if err != nil {
		return nil, err
	}
	return UpdateAPIKey200JSONResponse(showKey(k)), nil
}

// DeleteAPIKey answers DELETE /_mock/projects/{project}/api_keys/{key_id}.
func (h handlers) DeleteAPIKey(ctx context.Context, request DeleteAPIKeyRequestObject) (DeleteAPIKeyResponseObject, error) {
	p, _, err := administered(ctx, request.Params.XMockMember)
	if err != nil {
		return nil, err
	}
	return DeleteAPIKey204Response{}, p.DeleteKey(request.KeyID)
}
