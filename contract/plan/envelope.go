package plan

import (
	"slices"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// shown is what the body of an answer shows: an item, or an array of items, bare
// or in an envelope.
type shown struct {
	body, item *spec.Schema // item is nil when there is none
	data       string       // where item, or the array of items, is
	many       bool
	members    []Member
}

// names of the parts of envelopes
var (
	arrayNames   = []string{"data", "items", "results", "records", "entries", "values", "list", "rows", "elements", "content", "objects", "hits", "docs", "value", "result"}
	holderNames  = []string{"meta", "metadata", "pagination", "paging", "page", "page_info", "links", "response_metadata"}
	wrapperNames = []string{"data", "item", "result"}
	besideNames  = []string{
		"links", "meta", "metadata", "included", "jsonapi", "success", "status", "message", "messages", "error", "errors", "code", "object",
		"request_id", "pagination", "paging", "page_info", "ok", "timestamp", "version", "warnings", "url", "type",
	}
)

// show finds what an answer shows.
func (o *operation) show(body *spec.Schema) shown {
	s := shown{body: body}
	switch {
	case isArray(body):
		s.many, s.item = true, body.Items()
	case !isObject(body):
	default:
		s.members = o.members(body, "", false)
		if array := o.array(body, s.members); array != nil {
			s.data, s.many, s.item = spec.Join("", array.Name), true, array.Schema.Items()
			return s
		}
		s.members, s.item = nil, body
		if inner := o.wrapped(body); inner != nil {
			s.data, s.item = spec.Join("", inner.Name), inner.Schema
		}
	}
	return s
}

// array finds the array that an answer is the envelope of: one of objects, in
// an answer to GET that can be cut into pages, or that has nothing else in it
// than envelopes have.
func (o *operation) array(body *spec.Schema, members []Member) *spec.Property {
	var arrays []spec.Property
	others := 0
	for _, p := range properties(body) {
		switch {
		case isArray(p.Schema) && (isObject(p.Schema.Items()) || untyped(p.Schema.Items())):
			arrays = append(arrays, p)
		case !is(p.Name, besideNames...) && !isMember(members, p.Name):
			others++
		}
	}
	_, ofItem := o.path.ofItem()
	paged := slices.ContainsFunc(o.query, func(q input) bool { return pagingRole(q.name) != "" })
	if others > 0 && !paged || ofItem && !paged {
		return nil
	}
	named := slices.DeleteFunc(slices.Clone(arrays), func(p spec.Property) bool {
		return !is(p.Name, arrayNames...) && !endsWith(wordsOf(o.path.last()), wordsOf(p.Name)) && !endsWith(wordsOf(p.Name), wordsOf(o.path.last()))
	})
	switch {
	case len(named) == 1:
		return &named[0]
	case len(arrays) == 1 && (paged || len(members) > 0):
		return &arrays[0]
	}
	return nil
}

func isMember(members []Member, name string) bool {
	at := spec.Join("", name)
	return slices.ContainsFunc(members, func(m Member) bool { return m.Pointer == at || strings.HasPrefix(m.Pointer, at+"/") })
}

// wrapped is the property of a body that holds its only item: data, or one that
// is called as the path is.
func (o *operation) wrapped(body *spec.Schema) *spec.Property {
	var inner *spec.Property
	for _, p := range properties(body) {
		named := is(p.Name, wrapperNames...) || slices.ContainsFunc(o.path.literals(), func(l string) bool { return endsWith(stem(l), stem(p.Name)) })
		switch {
		case inner == nil && named && isObject(p.Schema):
			inner = &p
		case !is(p.Name, besideNames...):
			return nil
		}
	}
	return inner
}

// members finds the parts of an envelope, also in objects that hold only those.
func (o *operation) members(body *spec.Schema, at string, links bool) []Member {
	var found []Member
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
		case at == "" && is(p.Name, holderNames...) && isObject(p.Schema):
			found = append(found, o.members(p.Schema, pointer, is(p.Name, "links"))...)
		}
	}
	return found
}

// role is what a property of an envelope says; empty when it says nothing of
// the page. In an object of links all are addresses.
func (o *operation) role(p spec.Property, links bool) Role {
	name := strings.Join(wordsOf(p.Name), "_")
	if links {
		return map[string]Role{"next": NextURL, "prev": PreviousURL, "previous": PreviousURL, "first": FirstURL, "last": LastURL, "self": SelfURL}[name]
	}
	switch {
	case hasType(p.Schema, "boolean"):
		return map[string]Role{"has_more": HasMore, "has_next": HasMore, "has_next_page": HasMore, "more": HasMore}[name]
	case hasType(p.Schema, "integer"):
		return map[string]Role{
			"current_page": CurrentPage, "page": CurrentPage, "page_number": CurrentPage, "number": CurrentPage,
			"total_pages": TotalPages, "page_count": TotalPages, "pages": TotalPages, "last_page": TotalPages,
			"total": Total, "total_count": Total, "total_items": Total, "total_results": Total, "total_elements": Total, "total_records": Total, "count": Total,
			"page_size": PageSize, "per_page": PageSize, "limit": PageSize, "size": PageSize,
			"offset": Offset, "skip": Offset, "returned": Returned, "number_of_elements": Returned,
		}[name]
	case hasType(p.Schema, "string"):
		switch name {
		case "next", "previous", "prev":
			cursor := slices.ContainsFunc(o.query, func(q input) bool { return pagingRole(q.name) == roleAfter })
			if cursor && p.Schema.Format == "" {
				return map[string]Role{"next": NextCursor}[name]
			}
			return map[string]Role{"next": NextURL, "previous": PreviousURL, "prev": PreviousURL}[name]
		}
		return map[string]Role{
			"first_id": FirstID, "last_id": LastID,
			"next_cursor": NextCursor, "next_page_token": NextCursor, "next_token": NextCursor, "cursor": NextCursor, "end_cursor": NextCursor, "continuation_token": NextCursor,
			"previous_cursor": PreviousCursor, "prev_cursor": PreviousCursor, "start_cursor": PreviousCursor,
			"next_url": NextURL, "next_page_url": NextURL, "next_link": NextURL,
			"previous_url": PreviousURL, "prev_page_url": PreviousURL, "first_page_url": FirstURL, "last_page_url": LastURL,
		}[name]
	}
	return ""
}
