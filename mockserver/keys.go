package mockserver

import (
	"errors"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/plan"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/engine"
	"github.com/digakit/digakit/mockserver/store"
)

// keysPath is the path of Diga's list of API keys, a collection like others but for its
// powers: a key that is made works from the next request on, with the rights that it then
// has, and one that is deleted no more.
const keysPath = "/v1/api_key/"

// answerKeys answers an operation on API keys. The error is an [*engine.Refusal].
func (s *Server) answerKeys(x *exchange, r engine.Request) (engine.Response, error) {
	switch r.Line.Kind { //nolint:exhaustive // the rest is done to keys as to any items
	case plan.Create:
		wanted := store.KeySpec{Name: textOf(r.Body, "name"), CreatorID: x.key.CreatorID}
		if member(r.Body, "restricted") == true {
			wanted.Permissions = permissionsOf(member(r.Body, "permissions"))
		}
		if at, _, ok := spec.Instant(textOf(r.Body, "expiry_date")); ok {
			wanted.Expires = at.UTC()
		}
		k, secret, err := x.project.CreateKey(wanted)
		if err != nil {
			return engine.Response{}, keyError(err)
		}
		x.secret = secret
		return s.engine.Show(x.project.Items, r, k.ID.String(), map[string]any{"value": secret})
	case plan.Update:
		id, _ := uuid.Parse(r.Path[r.Line.Item]) // another is none of a key
		_, err := x.project.UpdateKey(id, func(k *store.Key) { update(k, r.Body) })
		if err != nil && !errors.Is(err, store.ErrNoKey) {
			return engine.Response{}, keyError(err)
		}
		return s.engine.Show(x.project.Items, r, id.String(), nil)
	}
	return s.engine.Answer(x.project.Items, r)
}

// update gives a key the name and the rights that were sent.
func update(k *store.Key, body any) {
	if name := textOf(body, "name"); name != "" {
		k.Name = name
	}
	if given := member(body, "permissions"); given != nil {
		k.Permissions = permissionsOf(given)
	}
	restricted, ok := member(body, "restricted").(bool)
	k.Restrict(ok && restricted || !ok && k.Restricted)
}

// keyError refuses what the project does not take of a request that the document
// allows, such as a name of no letter.
func keyError(err error) error {
	return &engine.Refusal{Status: 422, Message: err.Error(), Rule: "key"}
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
func permissionsOf(v any) []string {
	list, _ := v.([]any)
	permissions := make([]string, 0, len(list))
	for _, one := range list {
		if text, ok := one.(string); ok {
			permissions = append(permissions, text)
		}
	}
	return permissions
}
