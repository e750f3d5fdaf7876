package suite_test

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/report"
	"github.com/digakit/digakit/contract/suite"
)

// harbour is a server written by hand that does what testdata/harbour.yaml says, but
// for one defect, or does it in another way that is as good.
type harbour struct {
	mu       sync.Mutex
	way      string            // the defect or variation; empty: none
	items    map[string][]item // by collection
	settings item
	secrets  map[string]string // of passes, by id
	changing chan struct{}     // meets two writers
	changed  func(method, path string)
}

type item = map[string]any

const harbourKey = "harbour-secret-1"

// harbourFields are what callers may send: the rule of each, and whether it must be sent.
var harbourFields = map[string]map[string]struct {
	kind     string
	required bool
}{
	"harbours": {"name": {"string", true}}, "passes": {"name": {"string", true}}, "voyages": {"title": {"string", true}},
	"boats":    {"name": {"string", true}, "berth": {"string", false}, "rig": {"rig", true}, "insured": {"boolean", false}, "harbour_id": {"uuid", false}},
	"settings": {"notice": {"string", true}, "open": {"boolean", true}},
}

func newHarbour(way string) *harbour {
	h := &harbour{way: way, secrets: map[string]string{}, changing: make(chan struct{}), settings: item{"notice": "fog", "open": true}}
	port, boat := uuid.NewString(), uuid.NewString()
	h.items = map[string][]item{
		"harbours": {{"id": port, "name": "Cove"}},
		"boats": {
			{"id": boat, "name": "Ida", "berth": "A1", "rig": "sloop", "insured": true, "harbour_id": port},
			{"id": uuid.NewString(), "name": "Olga", "berth": "A2", "rig": "ketch", "insured": false, "harbour_id": port},
			{"id": uuid.NewString(), "name": "Mei", "berth": "A3", "rig": "junk", "insured": false, "harbour_id": port},
		},
		"voyages": {{"id": uuid.NewString(), "title": "Round the cape", "boat": boat}},
		"passes":  {{"id": uuid.NewString(), "name": "Pilot"}},
	}
	return h
}

// send answers with one item or a list.
func (h *harbour) send(w http.ResponseWriter, status int, v any) {
	if one, is := v.(item); is && h.way == "adds properties" && status < 300 {
		v = maps.Clone(one)
		v.(item)["shade"] = "blue"
	}
	send(w, status, v)
}

// body reads a body; nil when it was refused.
func (h *harbour) body(w http.ResponseWriter, r *http.Request, of string, partial bool) item {
	refuse := func(status int, why string) item {
		send(w, status, item{"error": why})
		return nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	text, _ := io.ReadAll(r.Body)
	switch {
	case len(text) == 0 && h.way == "fails over no body":
		return refuse(500, "no body")
	case len(text) == 0 && h.way == "takes no body":
		return item{"name": "Ida", "title": "Ida", "rig": "sloop", "notice": "fog", "open": true}
	case len(text) == 0:
		return refuse(400, "no body")
	case (err != nil || media != "application/json") && h.way == "takes any media type":
		text = []byte(`{"name": "Ida", "title": "Ida", "rig": "sloop", "notice": "fog", "open": true}`)
	case err != nil || media != "application/json":
		return refuse(415, "no JSON")
	}
	var sent item
	if !utf8.Valid(text) || json.Unmarshal(text, &sent) != nil || sent == nil {
		switch h.way {
		case "fails over bad JSON":
			return refuse(500, "bad JSON")
		case "takes bad JSON":
			return item{"name": "Ida", "title": "Ida", "rig": "sloop", "notice": "fog", "open": true}
		}
		return refuse(400, "bad JSON")
	}
	clean := item{}
	for name, rule := range harbourFields[of] {
		v, there := sent[name]
		if !there {
			if rule.required && !partial && h.way != "takes what lacks a property" {
				return refuse(400, name+" is missing")
			}
			if rule.required && !partial {
				clean[name] = map[string]any{"string": "Ida", "rig": "sloop", "boolean": true}[rule.kind]
			}
			continue
		}
		text, isText := v.(string)
		_, isBool := v.(bool)
		_, notID := uuid.Parse(text)
		good := map[string]bool{
			"string": isText, "boolean": isBool, "uuid": isText && notID == nil && len(text) == 36,
			"rig": slices.Contains([]string{"sloop", "ketch", "junk"}, text),
		}[rule.kind]
		switch {
		case good && h.way == "refuses junks" && text == "junk":
			return refuse(400, "no junks")
		case good:
			clean[name] = v
			if h.way == "trims texts" && isText {
				clean[name] = strings.TrimSpace(text)
			}
		case h.way == "takes any type" && !isText, h.way == "takes any rig" && rule.kind == "rig" && isText:
			if rule.required {
				clean[name] = map[string]any{"string": "Ida", "rig": "sloop", "boolean": true}[rule.kind]
			}
		default:
			return refuse(400, name+" is wrong")
		}
	}
	return clean
}

func (h *harbour) find(of, id string) int {
	return slices.IndexFunc(h.items[of], func(i item) bool { return i["id"] == id })
}

func (h *harbour) list(of string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q, boat := r.URL.Query(), r.PathValue("boat")
		shown := []item{}
		for _, one := range h.items[of] {
			insured := "false"
			if one["insured"] == true {
				insured = "true"
			}
			switch {
			case h.way != "ignores a filter" && q.Has("rig") && one["rig"] != q.Get("rig"):
			case h.way == "filters too much" && q.Has("rig") && one["rig"] == "junk":
			case h.way != "ignores a switch" && q.Has("insured") && insured != q.Get("insured"):
			case h.way == "hides voyages" && of == "voyages":
			case h.way != "mixes voyages" && of == "voyages" && one["boat"] != boat:
			default:
				one = maps.Clone(one)
				delete(one, "boat")
				if h.way == "lists secrets" && of == "passes" {
					one["secret"] = h.secrets[one["id"].(string)]
				}
				shown = append(shown, one)
			}
		}
		if rig := q.Get("rig"); q.Has("rig") && !slices.Contains([]string{"sloop", "ketch", "junk"}, rig) || q.Has("insured") && q.Get("insured") != "true" && q.Get("insured") != "false" {
			send(w, 400, item{"error": "no such filter"})
			return
		}
		if page := q.Get("page"); (of == "harbours" || of == "passes") && q.Has("page") && !within(page, 1, 1000) {
			send(w, 400, item{"error": "no such page"})
			return
		} else if q.Has("page") && page != "1" && h.way != "lists without end" {
			shown = []item{} // one page holds them all
		}
		if h.way == "newest first" {
			slices.Reverse(shown)
		}
		if h.way == "does not list what is made" {
			shown = shown[:min(len(shown), 3)]
		}
		if h.way == "sorts by id" {
			slices.SortFunc(shown, func(a, b item) int { return strings.Compare(a["id"].(string), b["id"].(string)) })
		}
		h.send(w, 200, shown)
	}
}

func (h *harbour) create(of string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		made := h.body(w, r, of, false)
		if made == nil {
			return
		}
		if id, linked := made["harbour_id"].(string); linked && h.find("harbours", id) < 0 && h.way != "takes any harbour" {
			send(w, 404, item{"error": "harbour not found"})
			return
		}
		made["id"] = uuid.NewString()
		if _, sent := made["insured"]; of == "boats" && !sent && h.way == "fills in what was left out" {
			made["insured"], made["berth"] = false, cmp.Or(made["berth"], any("B7"))
		}
		h.made(w, of, made, r.PathValue("boat"))
	}
}

// made stores a new item and answers it.
func (h *harbour) made(w http.ResponseWriter, of string, made item, boat string) {
	shown, id := maps.Clone(made), made["id"].(string)
	switch of {
	case "voyages":
		made["boat"] = boat
	case "passes":
		h.secrets[id] = uuid.NewString()
		shown["secret"] = h.secrets[id]
	}
	switch h.way {
	case "loses what is made":
	case "answers what was there":
		shown["id"] = h.items[of][0]["id"]
	case "forgets the berth":
		delete(made, "berth")
		fallthrough
	default:
		h.items[of] = append(h.items[of], made)
	}
	if h.way == "says where" && of != "voyages" {
		w.Header().Set("Location", "/"+of+"/"+id)
	}
	if of == "boats" && h.way == "200 for what is made" {
		h.send(w, 200, shown)
		return
	}
	h.send(w, 201, shown)
}

// one finds the item of a path and calls next with its place.
func (h *harbour) one(of string, next func(w http.ResponseWriter, r *http.Request, at int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		at := h.find(of, r.PathValue("id"))
		if at < 0 || of == "voyages" && h.items[of][at]["boat"] != r.PathValue("boat") && h.way != "reads voyages of others" {
			if h.way == "deletes twice" && r.Method == http.MethodDelete {
				w.WriteHeader(204)
				return
			}
			send(w, 404, item{"error": "nothing there", "hint": "look elsewhere"})
			return
		}
		next(w, r, at)
	}
}

func (h *harbour) read(of string) http.HandlerFunc {
	return h.one(of, func(w http.ResponseWriter, _ *http.Request, at int) {
		shown := maps.Clone(h.items[of][at])
		delete(shown, "boat")
		if h.way == "reads secrets" && of == "passes" {
			shown["secret"] = h.secrets[shown["id"].(string)]
		}
		if h.way == "reads another" {
			shown["id"] = h.items[of][0]["id"]
		}
		h.send(w, 200, shown)
	})
}

func (h *harbour) update(of string) http.HandlerFunc {
	return h.one(of, func(w http.ResponseWriter, r *http.Request, at int) {
		sent := h.body(w, r, of, of == "boats")
		if sent == nil {
			return
		}
		delete(sent, "harbour_id")
		one := maps.Clone(h.items[of][at])
		id := one["id"].(string)
		if h.way == "loses one of two changes" {
			h.mu.Unlock()
			select { // the other writer has read the item, too, or there is none
			case h.changing <- struct{}{}:
			case <-h.changing:
			case <-time.After(10 * time.Millisecond):
			}
			h.mu.Lock()
		}
		shown := maps.Clone(one)
		maps.Copy(shown, sent)
		switch h.way {
		case "does not keep changes":
		case "changes another property":
			one["berth"] = uuid.NewString()
			fallthrough
		case "renews secrets with a change":
			if h.way == "renews secrets with a change" && of == "passes" {
				h.secrets[id] = uuid.NewString()
			}
			fallthrough
		default:
			maps.Copy(one, sent)
		}
		if at = h.find(of, id); at >= 0 {
			h.items[of][at] = one
		}
		h.send(w, 200, shown)
	})
}

func (h *harbour) remove(of string) http.HandlerFunc {
	return h.one(of, func(w http.ResponseWriter, r *http.Request, at int) {
		id := r.PathValue("id")
		if h.way != "keeps what is deleted" {
			h.items[of] = slices.Delete(slices.Clone(h.items[of]), at, at+1)
			if h.way != "keeps secrets of what is deleted" {
				delete(h.secrets, id)
			}
		}
		if of == "boats" {
			h.items["voyages"] = slices.DeleteFunc(slices.Clone(h.items["voyages"]), func(v item) bool { return v["boat"] == id })
		}
		if h.way == "answers deletions" || h.way == "shows what is deleted" {
			h.send(w, 200, map[string]item{"answers deletions": {}, "shows what is deleted": {"id": id, "deleted": true}}[h.way])
			return
		}
		w.WriteHeader(204)
	})
}

func (h *harbour) handler() http.Handler {
	mux := http.NewServeMux()
	for of, path := range map[string]string{"harbours": "/harbours", "boats": "/boats", "passes": "/passes", "voyages": "/boats/{boat}/voyages"} {
		list, create := h.list(of), h.create(of)
		if of == "voyages" {
			below := func(next http.HandlerFunc) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					if h.find("boats", r.PathValue("boat")) < 0 {
						send(w, 404, item{"error": "no such boat"})
						return
					}
					next(w, r)
				}
			}
			list, create = below(list), below(create)
		}
		mux.HandleFunc("GET "+path, list)
		mux.HandleFunc("POST "+path, create)
		mux.HandleFunc("GET "+path+"/{id}", h.read(of))
		mux.HandleFunc("DELETE "+path+"/{id}", h.remove(of))
	}
	mux.HandleFunc("PATCH /boats/{id}", h.update("boats"))
	mux.HandleFunc("PATCH /passes/{id}", h.update("passes"))
	mux.HandleFunc("POST /boats/{id}/copy", h.one("boats", func(w http.ResponseWriter, _ *http.Request, at int) {
		made := maps.Clone(h.items["boats"][at])
		switch h.way {
		case "copies nothing":
			h.send(w, 201, made)
			return
		case "copies and changes":
			h.items["boats"][at]["name"] = "old"
		}
		made["id"] = uuid.NewString()
		h.made(w, "boats", made, "")
	}))
	mux.HandleFunc("POST /boats/{id}/launch", h.one("boats", func(w http.ResponseWriter, _ *http.Request, at int) {
		if h.way == "acts on another" {
			at = 0
		}
		h.items["boats"][at]["launched"] = true
		h.send(w, 200, h.items["boats"][at])
	}))
	mux.HandleFunc("GET /settings", func(w http.ResponseWriter, _ *http.Request) { h.send(w, 200, h.settings) })
	mux.HandleFunc("PUT /settings", func(w http.ResponseWriter, r *http.Request) {
		if sent := h.body(w, r, "settings", false); sent != nil {
			if h.way != "forgets its settings" {
				h.settings = sent
			}
			h.send(w, 200, sent)
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		secret, is := "", false
		if header := r.Header.Get("Authorization"); len(header) > 7 {
			secret = header[7:]
		}
		for _, one := range h.secrets {
			is = is || one == secret
		}
		if secret != harbourKey && !is {
			send(w, 401, item{"error": "no pass"})
			return
		}
		if h.changed != nil {
			h.changed(r.Method, r.URL.Path)
		}
		mux.ServeHTTP(w, r)
	})
}

// check runs the suite with writes.
func (h *harbour) check(ctx context.Context, t *testing.T, only string, disposable bool) (*report.Report, error) {
	t.Helper()
	document, err := os.ReadFile("testdata/harbour.yaml")
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h.handler())
	defer srv.Close()
	return suite.Check(ctx, suite.Target{
		URL: srv.URL, Document: document, Key: harbourKey, Only: only, Writes: true, Disposable: disposable,
	})
}
