package plan

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// shown is what an answer shows: an item, or an array of items, bare or in an envelope.
type shown struct {
	body, item *spec.Schema // item is nil when there is none
	data       string       // where item, or the array of items, is
	many       bool
	members    []Member
}

// names of the parts of envelopes
const (
	arrayNames   = "data items results records entries values list rows elements content objects hits docs value result"
	holderNames  = "meta metadata pagination paging page page_info links response_metadata"
	wrapperNames = "data item result"
	besideNames  = "links meta metadata included jsonapi success status message messages error errors code object request_id " +
		"pagination paging page_info ok timestamp version warnings url type"
)

// memberRoles are what properties of an envelope say; link is the type in an object of links.
var memberRoles = []struct {
	typ   string
	role  Role
	names string
}{
	{"boolean", HasMore, "has_more has_next has_next_page more"},
	{"integer", CurrentPage, "current_page page page_number number"},
	{"integer", TotalPages, "total_pages page_count pages last_page"},
	{"integer", Total, "total total_count total_items total_results total_elements total_records count"},
	{"integer", PageSize, "page_size per_page limit size"},
	{"integer", Offset, "offset skip"},
	{"integer", Returned, "returned number_of_elements"},
	{"string", FirstID, "first_id"},
	{"string", LastID, "last_id"},
	{"string", NextCursor, "next_cursor next_page_token next_token cursor end_cursor continuation_token"},
	{"string", PreviousCursor, "previous_cursor prev_cursor start_cursor"},
	{"string", NextURL, "next next_url next_page_url next_link"},
	{"string", PreviousURL, "previous prev previous_url prev_page_url"},
	{"string", FirstURL, "first_page_url"},
	{"string", LastURL, "last_page_url"},
	{"link", NextURL, "next"},
	{"link", PreviousURL, "prev previous"},
	{"link", FirstURL, "first"},
	{"link", LastURL, "last"},
	{"link", SelfURL, "self"},
}

func (o *operation) show(body *spec.Schema) shown {
	members := o.members(body, "", false)
	array, inner := o.array(body, members), o.wrapped(body)
	switch {
	case isArray(body):
		return shown{body: body, many: true, item: body.Items()}
	case !isObject(body):
		return shown{body: body}
	case array != nil:
		return shown{body, array.Schema.Items(), pointerTo(array), true, members}
	case inner != nil:
		return shown{body: body, item: inner.Schema, data: pointerTo(inner)}
	}
	return shown{body: body, item: body}
}

// array finds the array in an envelope: the answer has pages, or nothing but what envelopes have.
func (o *operation) array(body *spec.Schema, members []Member) *spec.Property {
	isList := func(p spec.Property) bool {
		return isArray(p.Schema) && (isObject(p.Schema.Items()) || untyped(p.Schema.Items()))
	}
	other := func(p spec.Property) bool {
		at := spec.Join("", p.Name)
		return !isList(p) && !is(p.Name, besideNames) &&
			!slices.ContainsFunc(members, func(m Member) bool { return m.Pointer == at || strings.HasPrefix(m.Pointer, at+"/") })
	}
	_, ofItem := o.path.ofItem()
	paged := slices.ContainsFunc(o.query, func(q input) bool { return pagingRole(q.name) != "" })
	if !paged && (ofItem || slices.ContainsFunc(properties(body), other)) {
		return nil
	}
	resource := wordsOf(o.path.last())
	named := only(body, func(p spec.Property) bool {
		return isList(p) && (is(p.Name, arrayNames) || endsWith(resource, wordsOf(p.Name)) || endsWith(wordsOf(p.Name), resource))
	})
	if named == nil && (paged || len(members) > 0) {
		return only(body, isList)
	}
	return named
}

// wrapped is the property that holds the only item: data, or one called as the path is.
func (o *operation) wrapped(body *spec.Schema) *spec.Property {
	var inner *spec.Property
	for _, p := range properties(body) {
		named := is(p.Name, wrapperNames) || slices.ContainsFunc(o.path.literals(), func(l string) bool { return endsWith(stem(l), stem(p.Name)) })
		switch {
		case inner == nil && named && isObject(p.Schema):
			inner = &p
		case !is(p.Name, besideNames):
			return nil
		}
	}
	return inner
}

// members finds the parts of an envelope, also in objects that hold only those.
func (o *operation) members(body *spec.Schema, at string, links bool) (found []Member) {
	for _, p := range properties(body) {
		pointer := spec.Join(at, p.Name)
		role := o.role(p, links)
		switch {
		case role != "" && isObject(p.Schema):
			if href := property(p.Schema, "href"); href != nil { // JSON:API, HAL
				found = append(found, Member{role, spec.Join(pointer, href.Name), p.Required, p.Schema.Nullable})
			}
		case role != "":
			found = append(found, Member{role, pointer, p.Required, p.Schema.Nullable})
		case at == "" && is(p.Name, holderNames) && isObject(p.Schema):
			found = append(found, o.members(p.Schema, pointer, is(p.Name, "links"))...)
		}
	}
	return found
}

// role is what a property of an envelope says of the page; empty: nothing.
func (o *operation) role(p spec.Property, links bool) Role {
	for _, r := range memberRoles {
		if (links && r.typ == "link" || !links && hasType(p.Schema, r.typ)) && is(p.Name, r.names) {
			byCursor := slices.ContainsFunc(o.query, func(q input) bool { return pagingRole(q.name) == "after" })
			if r.role == NextURL && !links && is(p.Name, "next") && p.Schema.Format == "" && byCursor {
				return NextCursor
			}
			return r.role
		}
	}
	return ""
}
