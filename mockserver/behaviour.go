package mockserver

import (
	"fmt"
	"slices"
	"strings"
)

// Basis is what a behaviour rests on.
type Basis string

// The bases. What is only partly documented counts as assumed.
const (
	Documented Basis = "documented" // Diga's spec or docs say so
	Assumed    Basis = "assumed"    // they leave it open
)

// Behaviour is one line of the table of how the mock behaves.
type Behaviour struct {
	ID           string
	Text         string
	Basis        Basis
	Alternatives []string // the default first; empty when the behaviour is fixed

	field func(*Profile) *string
}

func (b Behaviour) unknown(value string) error {
	return fmt.Errorf("%s has no alternative %q; choose one of %s", b.ID, value, strings.Join(b.Alternatives, ", "))
}

// Behaviours returns the table of how the mock behaves, and on what evidence.
// The ids do not change.
func Behaviours() []Behaviour { return slices.Clone(behaviours) }

var behaviours = []Behaviour{
	{ID: "order", Basis: Assumed,
		Text: "Newest first (documented default `desc`); `order=asc` reverses. Sorted by `created_date` (assumed), equal dates by id, so that the order is total."},
	{ID: "limit", Basis: Documented,
		Text: "50 items a page by default, 1 to 1000, else 422."},
	{ID: "cursor", Basis: Assumed,
		Text: "`after=ID`: the items that follow ID in the order asked for. `before=ID`: the `limit` items right before it, in the same order."},
	{ID: "both_cursors", Basis: Documented,
		Text: "422 `INVALID_PAGINATION_PARAMETERS`, \"Cannot specify both 'before' and 'after' parameters\"."},
	{ID: "page_with_cursor", Basis: Assumed,
		Text:         "`page` together with a cursor: 422, or one of them counts.",
		Alternatives: []string{string(PageWithCursorReject), string(PageWins), string(CursorWins)},
		field:        func(p *Profile) *string { return (*string)(&p.PageWithCursor) }},
	{ID: "page_fields", Basis: Assumed,
		Text:         "`current_page` and `total_pages` are null unless `page` was given, or always filled.",
		Alternatives: []string{string(PageFieldsPageModeOnly), string(PageFieldsAlways)},
		field:        func(p *Profile) *string { return (*string)(&p.PageFields) }},
	{ID: "has_more", Basis: Assumed,
		Text: "More items in the direction of travel: behind the page, or ahead of it with `before`."},
	{ID: "unknown_cursor", Basis: Assumed,
		Text:         "A cursor that is no key of the project: 422, or 200 without data.",
		Alternatives: []string{string(UnknownCursorReject), string(UnknownCursorEmpty)},
		field:        func(p *Profile) *string { return (*string)(&p.UnknownCursor) }},
	{ID: "deleted_cursor", Basis: Assumed,
		Text:         "A cursor whose key has been deleted: unknown, or the walk goes on from where it stood.",
		Alternatives: []string{string(DeletedCursorAsUnknown), string(DeletedCursorResume)},
		field:        func(p *Profile) *string { return (*string)(&p.DeletedCursor) }},
	{ID: "page_past_end", Basis: Assumed,
		Text: "200 with empty data and `has_more` false, at any page number."},
	{ID: "empty_list", Basis: Assumed,
		Text:         "Empty data, `first_id` and `last_id` null, `has_more` false; `total_pages` is 0, or 1.",
		Alternatives: []string{string(EmptyListZero), string(EmptyListOne)},
		field:        func(p *Profile) *string { return (*string)(&p.EmptyList) }},
	{ID: "unauthenticated", Basis: Assumed,
		Text:         "No key: \"Not authenticated\"; an unknown key: \"Invalid API key\". 403, the only documented refusal, or 401. The scheme's case does not matter (RFC 9110).",
		Alternatives: []string{string(UnauthenticatedForbidden), string(UnauthenticatedUnauthorized)},
		field:        func(p *Profile) *string { return (*string)(&p.Unauthenticated) }},
	{ID: "refusal_first", Basis: Assumed,
		Text: "Credentials and permission are judged before parameters: a denied key with `limit=0` gets the refusal."},
	{ID: "forbidden", Basis: Documented,
		Text: "403 with `error_code` `INTERNAL_SERVER_ERROR`, \"Missing required permissions\"."},
	{ID: "list_permission", Basis: Assumed,
		Text: "Listing keys needs `api_keys.view`, or an unrestricted key."},
	{ID: "unrestricted_permissions", Basis: Assumed,
		Text:         "`permissions` of an unrestricted key: null, or an empty list.",
		Alternatives: []string{string(UnrestrictedPermissionsNull), string(UnrestrictedPermissionsEmpty)},
		field:        func(p *Profile) *string { return (*string)(&p.UnrestrictedPermissions) }},
	{ID: "trailing_slash", Basis: Assumed,
		Text:         "A known path without its final slash, or with one that it does not have: 307 with the query kept, what the documented path answers, or 404. (`no_trailing_slash`, its name before, is understood.)",
		Alternatives: []string{string(TrailingSlashRedirect), string(TrailingSlashServe), string(TrailingSlashNotFound)},
		field:        func(p *Profile) *string { return (*string)(&p.TrailingSlash) }},
	{ID: "invalid_parameter", Basis: Assumed,
		Text: "422 `INVALID_PAGINATION_PARAMETERS` (cursors too); the message names parameter and rule. An empty value and the word `null` are invalid. Ids in canonical form, either case; integers as plain ASCII digits."},
	{ID: "missing_item", Basis: Assumed,
		Text:         "The id of no item: the documented 404; where none is documented, 404 as a declared departure, or 422.",
		Alternatives: []string{string(MissingItemNotFound), string(MissingItemInvalid)},
		field:        func(p *Profile) *string { return (*string)(&p.MissingItem) }},
	{ID: "repeated_parameter", Basis: Assumed,
		Text:         "The last value of a repeated query parameter counts, or the first, or 422.",
		Alternatives: []string{string(RepeatedParameterLast), string(RepeatedParameterFirst), string(RepeatedParameterReject)},
		field:        func(p *Profile) *string { return (*string)(&p.RepeatedParameter) }},
	{ID: "unknown_parameter", Basis: Assumed,
		Text: "Ignored."},
	{ID: "wrong_method", Basis: Assumed,
		Text: "405 `METHOD_NOT_ALLOWED` in the error envelope, with Allow; HEAD too."},
	{ID: "wrong_path", Basis: Assumed,
		Text: "404 `NOT_FOUND` in the error envelope."},
	{ID: "server_error", Basis: Documented,
		Text: "500 `INTERNAL_SERVER_ERROR`, \"Error: Internal Server Error\"; never by itself."},
	{ID: "in_use", Basis: Assumed,
		Text:         "Deleting an item: what lies below it goes too, and what named it has null in its place, or an item less in an array. `refuse`: 409 where that is documented and something names it.",
		Alternatives: []string{string(InUseCascade), string(InUseRefuse)},
		field:        func(p *Profile) *string { return (*string)(&p.InUse) }},
	{ID: "secret", Basis: Documented,
		Text: "Known once, at creation; kept only as a hash. `last_four_digits` are its last four characters."},
	{ID: "deleted_key", Basis: Documented,
		Text: "Refused from the next request on."},
	{ID: "no_edit", Basis: Documented,
		Text: "Permissions never change: delete the key and create another."},
	{ID: "no_quota", Basis: Assumed,
		Text: "Any number of keys (documented); equal names are allowed (assumed)."},
	{ID: "levels", Basis: Assumed,
		Text: "No access, Read and Write (documented) mean no permission of the resource, its `.view`, and all of it (assumed). Back from permissions: the lowest level that gives them, else custom; what belongs to none of the 19 resources (`companies.*`, `logs.view`, `workflows.*`) is shown apart."},
	{ID: "administrators", Basis: Documented,
		Text: "Only an administrator of the project sees, creates or deletes keys in the console, which the control API stands for."},
}
