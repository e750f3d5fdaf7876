package client

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
)

// walkKey leads to the *walk in the context of a request for a page.
type walkKey struct{}

// walk goes over a list: it makes each request one for the next page, catches
// the answer on its way, and notices when the pages do not advance.
//
// It works on the wire, by the names of the query and of the page's JSON: these
// the lists have in common, and no Go type.
type walk struct {
	options   *listing
	parameter string            // after or before
	cursor    string            // of the next request, empty at the start
	seen      map[[32]byte]bool // digests of all cursors; nil before the first request
	answer    *answer           // of the last request
	err       error             // of the last request
}

// backward tells whether the walk goes against the order of the list.
func (w *walk) backward() bool { return w.parameter == "before" || w.options.start == end }

// do sends the request for a page. What it returns is for the generated parser,
// which finds nothing in it.
func (w *walk) do(req *http.Request, s *sender) (*http.Response, error) {
	query := req.URL.Query()
	if w.err = w.options.apply(query, func() operation { return operationOf(req, s.base) }); w.err != nil {
		return nil, w.err
	}
	if w.seen == nil {
		w.seen = map[[32]byte]bool{}
		w.parameter = "after"
		if query.Has("before") {
			w.parameter = "before"
		}
		w.cursor = query.Get(w.parameter)
	} else {
		withoutStart(query)
		query.Set(w.parameter, w.cursor)
	}
	w.seen[sha256.Sum256([]byte(w.cursor))] = true
	out := req.Clone(req.Context())
	out.URL.RawQuery = query.Encode()
	if w.answer, w.err = s.send(out); w.err != nil {
		return nil, w.err
	}
	return &http.Response{Body: http.NoBody}, nil
}

// advance takes the cursor of the next page, and refuses a page that begins or
// ends with an item that has been a cursor before: its items would be visited
// twice, and perhaps for ever.
//
// A page that promises another without saying where to go on is still good to
// show: that error, after, comes behind it.
func (w *walk) advance(items int) (hasMore bool, after, err error) {
	var page map[string]json.RawMessage
	if err := json.Unmarshal(w.answer.body, &page); err != nil {
		return false, nil, err // cannot be: it has been decoded
	}
	ends := map[string]string{}
	for _, name := range []string{"first_id", "last_id"} {
		var id string
		if json.Unmarshal(page[name], &id) == nil && id != "" && w.seen[sha256.Sum256([]byte(id))] && items > 0 {
			id = printable(w.answer.sender.key.redact(id), maxSnippet)
			return false, nil, fmt.Errorf("%w: %s %s has been the cursor before", ErrPageLoop, name, id)
		}
		ends[name] = id
	}
	next := map[string]string{"after": "last_id", "before": "first_id"}[w.parameter]
	w.cursor = ends[next]
	if items == 0 {
		after = fmt.Errorf("%w: an empty page says has_more", ErrPageLoop)
	} else if w.cursor == "" {
		after = fmt.Errorf("%w: a page says has_more but has no %s", ErrPageLoop, next)
	}
	return string(page["has_more"]) == "true", after, nil
}
