package mockserver

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// Profile says how the mock behaves where Diga's documents leave it open. The
// zero Profile has the default everywhere; an empty field means its default,
// the first alternative in its type. [Behaviours] tells what each one means.
type Profile struct {
	PageWithCursor          PageWithCursor
	PageFields              PageFields
	UnknownCursor           UnknownCursor
	DeletedCursor           DeletedCursor
	EmptyList               EmptyList
	Unauthenticated         Unauthenticated
	UnrestrictedPermissions UnrestrictedPermissions
	TrailingSlash           TrailingSlash
	MissingItem             MissingItem
	RepeatedParameter       RepeatedParameter
	InUse                   InUse

	settled uint64 // bits of the behaviours that a file sets: see ParseProfile
}

type (
	// PageWithCursor is what happens when page is given together with after or before.
	PageWithCursor string
	// PageFields is when current_page and total_pages are filled.
	PageFields string
	// UnknownCursor is the answer to a cursor that is no key of the project.
	UnknownCursor string
	// DeletedCursor is the answer to a cursor whose key has been deleted.
	DeletedCursor string
	// EmptyList is total_pages of a project without keys.
	EmptyList string
	// Unauthenticated is the refusal of a missing or unknown key.
	Unauthenticated string
	// UnrestrictedPermissions is what an unrestricted key shows as permissions.
	UnrestrictedPermissions string
	// TrailingSlash is the answer to a known path without its final slash, or with one that it does not have.
	TrailingSlash string
	// MissingItem is the answer to the id of no item where the operation documents no 404.
	MissingItem string
	// RepeatedParameter is which value of a repeated query parameter counts.
	RepeatedParameter string
	// InUse is what becomes of deleting an item that others name.
	InUse string
)

// The alternatives.
const (
	PageWithCursorReject         PageWithCursor          = "reject" // 422
	PageWins                     PageWithCursor          = "page_wins"
	CursorWins                   PageWithCursor          = "cursor_wins"
	PageFieldsPageModeOnly       PageFields              = "page_mode_only" // null unless page was given
	PageFieldsAlways             PageFields              = "always"
	UnknownCursorReject          UnknownCursor           = "reject" // 422
	UnknownCursorEmpty           UnknownCursor           = "empty"  // 200 without data
	DeletedCursorAsUnknown       DeletedCursor           = "as_unknown"
	DeletedCursorResume          DeletedCursor           = "resume" // from where the key stood
	EmptyListZero                EmptyList               = "zero"
	EmptyListOne                 EmptyList               = "one"
	UnauthenticatedForbidden     Unauthenticated         = "forbidden"    // 403
	UnauthenticatedUnauthorized  Unauthenticated         = "unauthorized" // 401, which Diga's spec does not document
	UnrestrictedPermissionsNull  UnrestrictedPermissions = "null"
	UnrestrictedPermissionsEmpty UnrestrictedPermissions = "empty"
	TrailingSlashRedirect        TrailingSlash           = "redirect" // 307, query kept
	TrailingSlashServe           TrailingSlash           = "serve"    // as the documented path
	TrailingSlashNotFound        TrailingSlash           = "not_found"
	MissingItemNotFound          MissingItem             = "not_found" // 404, a declared departure
	MissingItemInvalid           MissingItem             = "invalid"   // 422
	RepeatedParameterLast        RepeatedParameter       = "last"
	RepeatedParameterFirst       RepeatedParameter       = "first"
	RepeatedParameterReject      RepeatedParameter       = "reject"  // 422
	InUseCascade                 InUse                   = "cascade" // nothing names it any more
	InUseRefuse                  InUse                   = "refuse"  // 409 where the operation documents it, else cascade
)

// withDefaults fills empty fields and reports all fields that have no such
// alternative.
func (p Profile) withDefaults() (Profile, error) {
	var errs []error
	for _, b := range behaviours {
		if b.field == nil {
			continue
		}
		value := b.field(&p)
		switch {
		case *value == "":
			*value = b.Alternatives[0]
		case !slices.Contains(b.Alternatives, *value):
			errs = append(errs, b.unknown(*value))
		}
	}
	return p, errors.Join(errs...)
}

// ParseProfile reads a profile from YAML: one `id: alternative` line for each
// behaviour that is not to be the default. What a line decides then has the basis
// calibrated (see the header Mock-Basis). The name is for errors, which come
// with line numbers, all together.
func ParseProfile(name string, data []byte) (Profile, error) {
	var p Profile
	file := spec.ReadSettings(name, data, "write `id: alternative` lines")
	for _, line := range file.All() {
		if err := p.set(line); err != nil {
			file.Mistake(line, err.Error(), "")
		}
	}
	if err := file.Err("mockserver: the profile cannot be read"); err != nil {
		return p, err
	}
	return p.withDefaults()
}

func (p *Profile) set(line spec.Setting) error {
	id := line.Key
	if id == "no_trailing_slash" {
		id = "trailing_slash" // as it was called before
	}
	i := slices.IndexFunc(behaviours, func(b Behaviour) bool { return b.ID == id })
	value, ok := line.Text()
	switch {
	case i < 0:
		return fmt.Errorf("there is no behaviour %q; those with alternatives are %s", id, strings.Join(adjustable(), ", "))
	case behaviours[i].field == nil:
		return fmt.Errorf("%s is fixed; the behaviours with alternatives are %s", id, strings.Join(adjustable(), ", "))
	case p.settled&(1<<i) != 0:
		return fmt.Errorf("%s stands here twice", id)
	case !ok || !slices.Contains(behaviours[i].Alternatives, value):
		return behaviours[i].unknown(value)
	}
	*behaviours[i].field(p) = value
	p.settled |= 1 << i
	return nil
}

// adjustable returns the ids of the behaviours that have alternatives.
func adjustable() []string {
	var ids []string
	for _, b := range behaviours {
		if b.field != nil {
			ids = append(ids, b.ID)
		}
	}
	return ids
}
