package suite_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite"
)

// actions serves what is neither a collection nor an item.
func (h *harbour) actions(mux *http.ServeMux) {
	mux.HandleFunc("POST /boats/{id}/copy", h.one("boats", h.copied))
	mux.HandleFunc("POST /boats/{id}/launch", h.one("boats", func(w http.ResponseWriter, _ *http.Request, at int) {
		if h.way == "acts on another" {
			at = 0
		}
		if h.way != "launches later" {
			h.items["boats"][at]["launched"] = true
		}
		h.send(w, 200, h.items["boats"][at])
	}))
	mux.HandleFunc("POST /boats/{id}/move", h.one("boats", func(w http.ResponseWriter, r *http.Request, at int) {
		sent := h.body(w, r, "moves", false)
		if sent == nil {
			return
		}
		shown := maps.Clone(h.items["boats"][at])
		shown["berth"] = sent["berth"]
		if h.way != "moves nothing" {
			h.items["boats"][at] = shown
		}
		h.send(w, 200, shown)
	}))
	mux.HandleFunc("GET /harbours/favourite", func(w http.ResponseWriter, _ *http.Request) {
		h.send(w, 200, slices.DeleteFunc(slices.Clone(h.items["harbours"]), func(i item) bool { return !h.members[i["id"].(string)] }))
	})
	mux.HandleFunc("POST /harbours/favourite/{id}", h.one("harbours", func(w http.ResponseWriter, r *http.Request, _ int) {
		if h.way != "joins nothing" {
			h.members[strings.ToLower(r.PathValue("id"))] = true
		}
		w.WriteHeader(204)
	}))
	mux.HandleFunc("DELETE /harbours/favourite/{id}", h.one("harbours", func(w http.ResponseWriter, r *http.Request, _ int) {
		if h.way != "leaves nothing" {
			delete(h.members, strings.ToLower(r.PathValue("id")))
		}
		w.WriteHeader(204)
	}))
	mux.HandleFunc("POST /harbours/bulk-delete", h.bulk)
	mux.HandleFunc("GET /settings", func(w http.ResponseWriter, _ *http.Request) { h.send(w, 200, h.settings) })
	mux.HandleFunc("PUT /settings", func(w http.ResponseWriter, r *http.Request) {
		if sent := h.body(w, r, "settings", false); sent != nil {
			switch h.way {
			case "forgets its settings":
			case "keeps one of two settings":
				h.settings = item{"notice": h.settings["notice"], "open": sent["open"]}
			default:
				h.settings = sent
			}
			h.send(w, 200, sent)
		}
	})
}

func (h *harbour) copied(w http.ResponseWriter, _ *http.Request, at int) {
	source := h.items["boats"][at]
	made, id := maps.Clone(source), source["id"].(string)
	made["id"] = uuid.NewString()
	switch h.way {
	case "copies nothing":
		h.send(w, 201, source)
		return
	case "loses copies":
		h.send(w, 201, made)
		return
	case "copies once":
		if one := h.copies[id]; one != nil {
			h.send(w, 201, one)
			return
		}
		h.copies[id] = made
	case "copies and changes":
		source["name"] = "old"
	case "names copies so":
		made["name"] = "Copy of " + made["name"].(string)
	}
	h.made(w, "boats", made, "")
}

// bulk deletes several harbours.
func (h *harbour) bulk(w http.ResponseWriter, r *http.Request) {
	sent := h.body(w, r, "deletions", false)
	if sent == nil {
		return
	}
	ids := sent["harbour_ids"].([]any)
	switch {
	case h.way == "deletes one of several":
		ids = ids[:min(len(ids), 1)]
	case h.way == "deletes more than was sent" && len(ids) > 1:
		ids = nil
		for _, one := range h.items["harbours"][1:] {
			ids = append(ids, one["id"])
		}
	}
	if h.way == "spares one in use" || h.way == "counts one that it spares" {
		ids = ids[:len(ids)-1]
	}
	for _, id := range ids {
		h.drop("harbours", id.(string))
	}
	if h.way == "counts one that it spares" {
		h.send(w, 200, item{"deleted": len(ids) + 1})
		return
	}
	if h.way == "answers deletions" || h.way == "spares one in use" {
		h.send(w, 200, item{"deleted": len(ids)})
		return
	}
	w.WriteHeader(204)
}

// check runs the suite with writes.
func (h *harbour) check(ctx context.Context, t *testing.T, disposable bool) (*report.Report, error) {
	t.Helper()
	document, err := os.ReadFile("testdata/harbour.yaml")
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h.handler())
	defer srv.Close()
	return suite.Check(ctx, suite.Target{
		URL: srv.URL, Document: document, Key: harbourKey, Writes: true, Disposable: disposable,
	})
}
