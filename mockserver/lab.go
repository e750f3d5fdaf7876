package mockserver

import (
	"cmp"
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/mockserver/store"
)

// Lab makes and removes projects and keys for package contract/suite; it is a
// suite.Lab. Get one with [Server.Lab].
type Lab struct{ server *Server }

// Lab returns a lab of this server.
func (s *Server) Lab() *Lab { return &Lab{server: s} }

// Needs tells the permissions one of which a key has to have for an operation; none:
// every key will do.
func (l *Lab) Needs(o *contract.Operation) []string {
	if !l.server.api.diga {
		return nil
	}
	return needOf(o)
}

// CreateProject makes a project with that many keys, at least 1, and returns its
// id and the secret of an unrestricted key.
func (l *Lab) CreateProject(_ context.Context, keys int) (id, secret string, err error) {
	p, err := l.server.CreateProject("", keys)
	if err != nil {
		return "", "", err
	}
	return p.ID().String(), p.AdminKey, nil
}

// CreateKey makes a key in a project; without permissions, when they are nil, an
// unrestricted one.
func (l *Lab) CreateKey(_ context.Context, projectID, name string, permissions []string) (id, secret string, err error) {
	p, err := l.server.Project(cmp.Or(projectID, demoProject))
	if err != nil {
		return "", "", err
	}
	k, secret, err := p.CreateKey(store.KeySpec{Name: name, Permissions: permissions})
	if err != nil {
		return "", "", err
	}
	return k.ID.String(), secret, nil
}

// DeleteKey deletes a key of a project.
func (l *Lab) DeleteKey(_ context.Context, projectID, id string) error {
	p, err := l.server.Project(cmp.Or(projectID, demoProject))
	if err != nil {
		return err
	}
	key, err := uuid.Parse(id)
	if err != nil {
		return fmt.Errorf("mockserver: %q is no key id: %w", id, err)
	}
	return p.DeleteKey(key)
}

// DeleteProject removes a project with all that is in it.
func (l *Lab) DeleteProject(_ context.Context, projectID string) error {
	p, err := l.server.Project(projectID)
	if err != nil {
		return err
	}
	return p.Delete()
}
