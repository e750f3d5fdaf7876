package project

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/gen"
)

// Key is one API key of a project. A stored Key never changes (Diga's docs: to
// change permissions, delete the key and create another), so a *Key may be
// shared between goroutines without a lock; treat it as read-only.
type Key struct {
	ID        uuid.UUID
	Name      string
	Created   time.Time // UTC, whole microseconds
	CreatorID uuid.UUID
	LastFour  string // the secret's last four characters

	// Restricted says whether Permissions limit what the key may do. An
	// unrestricted key has every permission and nil Permissions.
	Restricted  bool
	Permissions []gen.Permission
}

// Allows reports whether k may do what needs permission p.
func (k *Key) Allows(p gen.Permission) bool {
	return !k.Restricted || slices.Contains(k.Permissions, p)
}

// compareKeys orders keys by creation time, then by id, so that no two keys of
// a project are equal and every page has exactly one right content.
func compareKeys(a, b *Key) int {
	if c := a.Created.Compare(b.Created); c != 0 {
		return c
	}
	return bytes.Compare(a.ID[:], b.ID[:])
}

// digest is what the store keeps instead of a secret. Secrets are long and
// random (or published, in the demo project), so an unsalted hash is enough and
// lets a secret be looked up in one step.
type digest [sha256.Size]byte

func digestOf(secret string) digest {
	return sha256.Sum256([]byte(secret))
}

// lastFour returns the secret's last four characters, or all of a shorter one.
func lastFour(secret string) string {
	return secret[max(0, len(secret)-4):]
}
