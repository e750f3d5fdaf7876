package mockserver

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/project"
)

// keysPath is the path of Diga's list of API keys: what is planned for its
// collection is done to the project's own keys, so that a key that is made works
// from the next request on, and one that is deleted no more.
const keysPath = "/v1/api_key/"

// answerKeys answers an operation on API keys. The error is an [*engine.Refusal].
func (s *Server) answerKeys(x *exchange, r engine.Request) (engine.Response, error) {
	p := x.project
	if r.Line.Kind == plan.Create {
		spec := project.KeySpec{Name: textOf(r.Body, "name"), CreatorID: x.key.CreatorID}
		if member(r.Body, "restricted") == true {
			spec.Permissions = permissionsOf(member(r.Body, "permissions"))
		}
		if at, err := time.Parse(time.RFC3339, textOf(r.Body, "expiry_date")); err == nil {
			spec.Expires = at.UTC()
		}
		k, secret, err := p.CreateKey(spec)
		if err != nil {
			return engine.Response{}, keyError(err)
		}
		x.secret = secret
		shown := s.showKey(k)
		shown["value"] = secret
		return s.engine.Show(r, shown)
	}
	id, err := uuid.Parse(r.Path[r.Line.Item])
	if err != nil {
		return engine.Response{}, s.engine.Missing(r)
	}
	k, err := p.Key(id)
	if err == nil && r.Line.Kind == plan.Delete {
		err = p.DeleteKey(id)
	}
	if err == nil && r.Line.Kind == plan.Update {
		k, err = p.UpdateKey(id, textOf(r.Body, "name"), func(restricted bool, permissions []gen.Permission) []gen.Permission {
			if given := member(r.Body, "permissions"); given != nil {
				permissions = permissionsOf(given)
			}
			switch member(r.Body, "restricted") {
			case true:
				restricted = true
			case false:
				restricted = false
			}
			if !restricted {
				return nil
			}
			return append([]gen.Permission{}, permissions...)
		})
	}
	switch {
	case errors.Is(err, project.ErrNoKey):
		return engine.Response{}, s.engine.Missing(r)
	case err != nil:
		return engine.Response{}, keyError(err)
	}
	return s.engine.Show(r, s.showKey(k))
}

// keyError refuses what the project does not take of a request that the document
// allows, such as a name of no letter.
func keyError(err error) error {
	return &engine.Refusal{Status: 422, Message: err.Error(), Rule: "key"}
}

func (s *Server) showKey(k *project.Key) map[string]any {
	shown := map[string]any{
		"id": k.ID.String(), "name": k.Name, "created_date": k.Created.Format("2006-01-02T15:04:05.000000Z"),
		"creator_id": k.CreatorID.String(), "last_four_digits": k.LastFour, "restricted": k.Restricted, "permissions": nil,
	}
	if k.Restricted || s.profile.UnrestrictedPermissions == UnrestrictedPermissionsEmpty {
		list := make([]any, len(k.Permissions))
		for i, p := range k.Permissions {
			list[i] = string(p)
		}
		shown["permissions"] = list
	}
	return shown
}

func member(body any, name string) any {
	object, _ := body.(map[string]any)
	return object[name]
}

func textOf(body any, name string) string {
	text, _ := member(body, name).(string)
	return text
}

// permissionsOf is never nil: of a restricted key.
func permissionsOf(v any) []gen.Permission {
	list, _ := v.([]any)
	permissions := make([]gen.Permission, 0, len(list))
	for _, one := range list {
		if text, ok := one.(string); ok {
			permissions = append(permissions, gen.Permission(text))
		}
	}
	return permissions
}
