package suite_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
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
	busy     bool
	gone     map[string][]item // deleted, by collection
	members  map[string]bool   // favourite harbours
	copies   map[string]item   // by the id of what was copied
	changed  func(method, path string)
}

type item = map[string]any

const harbourKey = "harbour-secret-1"

func newHarbour(way string) *harbour {
	h := &harbour{way: way, secrets: map[string]string{}, changing: make(chan struct{}), settings: item{"notice": "fog", "open": true}, gone: map[string][]item{}, members: map[string]bool{}, copies: map[string]item{}}
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
		"buoys":   {{"id": uuid.NewString(), "name": "Nun"}},
	}
	return h
}

// send answers with one item or a list, written in one of several ways.
func (h *harbour) send(w http.ResponseWriter, status int, v any) {
	if list, is := v.([]item); is {
		all := []item{}
		for _, one := range list {
			all = append(all, h.written(one))
		}
		v = all
	} else if one := v.(item); status < 300 {
		v = h.written(one)
	}
	send(w, status, v)
}

func (h *harbour) written(one item) item {
	one = maps.Clone(one)
	delete(one, "boat")
	id, _ := one["id"].(string)
	_, rigged := one["rig"]
	switch built, _ := one["built"].(string); h.way {
	case "adds properties":
		one["shade"] = "blue"
	case "writes ids in capitals":
		one["id"] = strings.ToUpper(id)
	case "leaves out null":
		maps.DeleteFunc(one, func(_ string, v any) bool { return v == nil })
	case "null for no note":
		if _, there := one["note"]; rigged && !there {
			one["note"] = nil
		}
	case "null for no change":
		if rigged {
			one["changed"] = nil
		}
	case "dates in UTC":
		if at, err := time.Parse(time.RFC3339, strings.ToUpper(built)); err == nil {
			one["built"] = at.UTC().Format(time.RFC3339Nano)
		}
	case "hints at secrets":
		if secret := h.secrets[id]; secret != "" && one["secret"] == nil {
			one["secret_ends_in"] = secret[len(secret)-4:]
		}
	}
	return one
}

// meet waits a moment for another writer to come as far.
func (h *harbour) meet() {
	h.mu.Unlock()
	select {
	case h.changing <- struct{}{}:
	case <-h.changing:
	case <-time.After(10 * time.Millisecond):
	}
	h.mu.Lock()
}

func (h *harbour) find(of, id string) int {
	return slices.IndexFunc(h.items[of], func(i item) bool { return is(i, "id", id) })
}

// is tells whether a property of an item is an id.
func is(one item, name, id string) bool {
	text, _ := one[name].(string)
	return strings.EqualFold(text, id)
}

func (h *harbour) wasThere(of, id string) (item, bool) {
	i := slices.IndexFunc(h.gone[of], func(i item) bool { return is(i, "id", id) })
	if i < 0 {
		return nil, false
	}
	return h.gone[of][i], true
}

func (h *harbour) handler() http.Handler {
	mux := http.NewServeMux()
	for of, path := range map[string]string{"harbours": "/harbours", "boats": "/boats", "passes": "/passes", "buoys": "/buoys", "voyages": "/boats/{boat}/voyages"} {
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
		if of != "buoys" { // they are seen in their list alone
			mux.HandleFunc("GET "+path+"/{id}", h.read(of))
		}
		mux.HandleFunc("DELETE "+path+"/{id}", h.remove(of))
	}
	mux.HandleFunc("PATCH /boats/{id}", h.update("boats"))
	mux.HandleFunc("PATCH /passes/{id}", h.update("passes"))
	h.actions(mux)
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
