package suite_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

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

// field is what callers may send: the rule of its value, and whether it must be sent.
type field struct {
	kind     string
	required bool
}

var harbourFields = map[string]map[string]field{
	"harbours": {"name": {"string", true}}, "buoys": {"name": {"string", true}}, "passes": {"name": {"string", true}}, "voyages": {"title": {"string", true}},
	"boats": {
		"name": {"string", true}, "berth": {"string", false}, "rig": {"rig", true}, "insured": {"boolean", false},
		"harbour_id": {"uuid", false}, "note": {"note", false}, "length": {"length", false}, "built": {"date", false},
	},
	"moves": {"berth": {"string", true}}, "deletions": {"harbour_ids": {"uuids", true}},
	"settings": {"notice": {"string", true}, "open": {"boolean", true}},
}

// stand are values for what was not sent as it must be.
var stand = item{"name": "Ida", "title": "Ida", "rig": "sloop", "notice": "fog", "open": true, "berth": "B1", "harbour_ids": []any{}}

// keeps tells whether a value is as its rule says.
func keeps(kind string, v any) bool {
	text, isText := v.(string)
	switch kind {
	case "string":
		return isText
	case "note":
		return isText || v == nil
	case "boolean":
		_, is := v.(bool)
		return is
	case "length":
		n, is := v.(float64)
		return is && n >= 1 && n <= 400
	case "date":
		_, err := time.Parse(time.RFC3339, strings.ToUpper(text))
		return err == nil
	case "rig":
		return slices.Contains([]string{"sloop", "ketch", "junk"}, text)
	case "uuids":
		list, is := v.([]any)
		return is && !slices.ContainsFunc(list, func(one any) bool { return !keeps("uuid", one) })
	}
	_, err := uuid.Parse(text)
	return err == nil && len(text) == 36
}

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

// body reads a body; nil when it was refused.
func (h *harbour) body(w http.ResponseWriter, r *http.Request, of string, partial bool) item {
	refuse := func(status int, why string) item {
		send(w, status, item{"error": why})
		return nil
	}
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	text, _ := io.ReadAll(r.Body)
	foreign := err != nil || media != "application/json"
	switch {
	case len(text) == 0 && h.way == "fails over no body":
		return refuse(500, "no body")
	case len(text) == 0 && h.way == "takes no body":
		return maps.Clone(stand)
	case foreign && h.way == "415 for no body, too", len(text) > 0 && foreign && h.way != "400 for other media types" && h.way != "takes any media type" && (h.way != "takes plain text" || media != "text/plain"):
		return refuse(415, "no JSON")
	case len(text) == 0:
		return refuse(400, "no body")
	case foreign && h.way != "400 for other media types":
		return maps.Clone(stand)
	case foreign:
		return refuse(400, "no JSON")
	}
	var sent item
	decoder := json.NewDecoder(bytes.NewReader(text))
	bad := decoder.Decode(&sent) != nil || sent == nil
	switch {
	case !utf8.Valid(text) && h.way != "takes what is no UTF-8", decoder.Decode(&item{}) != io.EOF && h.way != "reads the first of two values":
		bad = true
	}
	switch {
	case bad && h.way == "fails over bad JSON":
		return refuse(500, "bad JSON")
	case bad && h.way == "hangs up over bad JSON" && !json.Valid(text):
		panic(http.ErrAbortHandler)
	case bad && h.way == "takes bad JSON" && !json.Valid(text):
		return maps.Clone(stand)
	case bad:
		return refuse(400, "bad JSON")
	}
	return h.judged(refuse, sent, of, partial)
}

// judged is what was sent of the fields there are; nil when it was refused.
func (h *harbour) judged(refuse func(int, string) item, sent item, of string, partial bool) item {
	clean := item{}
	for name, rule := range harbourFields[of] {
		v, there := sent[name]
		text, isText := v.(string)
		optional := !rule.required || partial || h.way == "takes what lacks a property"
		switch {
		case !there && name == "berth" && of == "boats" && !partial && h.way == "wants what is optional", !there && !optional:
			return refuse(400, name+" is missing")
		case !there && rule.required && !partial:
			clean[name] = stand[name]
		case !there:
		case v == nil && h.way == "fails over null":
			return refuse(500, name+" is null")
		case h.way == "refuses junks" && text == "junk", h.way == "refuses short boats" && name == "length" && v == 1.0,
			h.way == "refuses null" && v == nil:
			return refuse(400, name+" is none of ours")
		case keeps(rule.kind, v):
			clean[name] = v
			if h.way == "trims texts" && isText {
				clean[name] = strings.TrimSpace(text)
			}
		case h.way == "takes any type" && !isText, h.way == "takes any rig" && rule.kind == "rig" && isText, h.way == "takes null" && v == nil,
			h.way == "takes any length" && rule.kind == "length", h.way == "takes any date" && rule.kind == "date" && isText:
			if rule.required {
				clean[name] = stand[name]
			}
		default:
			return refuse(400, name+" is wrong")
		}
	}
	for name := range sent {
		if _, known := harbourFields[of][name]; !known && h.way == "refuses properties it does not know" {
			return refuse(400, name+" is unknown")
		}
	}
	return clean
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

func (h *harbour) list(of string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q, boat := r.URL.Query(), r.PathValue("boat")
		shown := []item{}
		all := h.items[of]
		if h.way == "lists what is deleted" {
			all = slices.Concat(all, h.gone[of])
		}
		for _, one := range all {
			insured := "false"
			if one["insured"] == true {
				insured = "true"
			}
			switch {
			case h.way != "ignores a filter" && q.Has("rig") && one["rig"] != q.Get("rig"):
			case h.way == "filters too much" && q.Has("rig") && one["rig"] == "junk":
			case h.way != "ignores a switch" && q.Has("insured") && insured != q.Get("insured"):
			case h.way == "hides voyages" && of == "voyages":
			case h.way != "mixes voyages" && of == "voyages" && !is(one, "boat", boat):
			case h.way == "filters nothing out of a switch" && q.Get("insured") == "false" && one["insured"] == nil:
			default:
				one = maps.Clone(one)
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
		if page := q.Get("page"); of != "boats" && of != "voyages" && q.Has("page") && !within(page, 1, 1000) {
			send(w, 400, item{"error": "no such page"})
			return
		} else if n, _ := strconv.Atoi(cmp.Or(page, "1")); h.way == "two to a page" && of != "boats" && of != "voyages" {
			shown = shown[min(len(shown), 2*n-2):min(len(shown), 2*n)]
		} else if q.Has("page") && page != "1" && h.way != "lists without end" {
			shown = []item{} // one page holds them all
		}
		if h.way == "newest first" {
			slices.Reverse(shown)
		}
		if h.way == "does not list what is made" {
			shown = shown[:min(len(shown), 3)]
		}
		if h.way == "lists boats later" && of == "boats" && !q.Has("rig") && !q.Has("insured") {
			shown = shown[:3]
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
		if h.way == "keeps when it was changed" && of == "boats" {
			made["changed"] = time.Now().UTC().Format(time.RFC3339Nano)
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
	case "gives two one id", "loses one of what is made at once":
		was := slices.Clone(h.items[of])
		if of != "boats" {
			h.items[of] = append(was, made)
			break
		}
		h.meet()
		if h.way == "gives two one id" {
			if last := len(was) - 1; len(h.items[of]) > len(was) { // the other has taken the number
				shown["id"] = h.items[of][last+1]["id"]
				break
			}
		}
		h.items[of] = append(was, made)
	case "answers what was there":
		shown["id"] = h.items[of][0]["id"]
	case "forgets the berth":
		delete(made, "berth")
		h.items[of] = append(h.items[of], made)
	case "forgets the time of day":
		if built, _ := made["built"].(string); built != "" {
			made["built"] = built[:10] + "T00:00:00Z"
		}
		h.items[of] = append(h.items[of], made)
	case "keeps names alone":
		maps.DeleteFunc(made, func(name string, _ any) bool { return name == "berth" || name == "length" || name == "note" })
		h.items[of] = append(h.items[of], made)
	case "answers another name":
		shown["name"] = "unnamed"
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
		if at < 0 || of == "voyages" && !is(h.items[of][at], "boat", r.PathValue("boat")) && (h.way != "reads voyages of others" || h.find("boats", r.PathValue("boat")) < 0) {
			if h.way == "deletes twice" && r.Method == http.MethodDelete {
				w.WriteHeader(204)
				return
			}
			was, gone := h.wasThere(of, r.PathValue("id"))
			switch {
			case gone && r.Method == http.MethodGet && h.way == "reads what is deleted":
				h.send(w, 200, was)
				return
			case gone && r.Method == http.MethodDelete && h.way == "401 to a second deletion":
				send(w, 401, item{"error": "no pass for that"})
				return
			case gone && of == "boats" && h.way == "410 for what is gone":
				send(w, 410, item{"error": "gone"})
				return
			case at < 0 && !gone && r.Method == http.MethodGet && keeps("uuid", r.PathValue("id")) && h.way == "answers for ids that nothing has":
				made := maps.Clone(h.items[of][0])
				made["id"] = r.PathValue("id")
				h.send(w, 200, made)
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
		switch {
		case h.way == "loses one of two changes":
			h.meet()
		case h.way == "409 while another writes" && h.busy:
			select {
			case h.changing <- struct{}{}:
			default:
			}
			send(w, 409, item{"error": "another is at it"})
			return
		case h.way == "409 while another writes" && of == "boats":
			h.busy = true
			h.meet()
			h.busy = false
		}
		shown := maps.Clone(one)
		maps.Copy(shown, sent)
		switch h.way {
		case "does not keep changes", "keeps no change":
			sent = nil
		case "forgets a berth that changes":
			delete(sent, "berth")
		case "changes another property":
			one["berth"] = uuid.NewString()
		case "counts its length anew with a new name":
			if _, renamed := sent["name"]; renamed {
				one["length"] = 7.5
			}
		case "clears what is not sent":
			maps.DeleteFunc(one, func(name string, _ any) bool { return name == "berth" || name == "note" || name == "length" })
		case "changes the id":
			if _, sent := sent["length"]; sent {
				one["id"] = uuid.NewString()
			}
		case "renews secrets with a change":
			if of == "passes" {
				h.secrets[id] = uuid.NewString()
			}
		case "shows secrets with a change":
			if of == "passes" {
				shown["secret"] = h.secrets[id]
			}
		case "keeps when it was changed":
			one["changed"] = time.Now().UTC().Format(time.RFC3339Nano)
		}
		maps.Copy(one, sent)
		if at = h.find(of, id); at >= 0 {
			h.items[of][at] = one
		}
		h.send(w, 200, shown)
	})
}

func (h *harbour) remove(of string) http.HandlerFunc {
	return h.one(of, func(w http.ResponseWriter, r *http.Request, _ int) {
		id := r.PathValue("id")
		moored := func(b item) bool { return of == "harbours" && is(b, "harbour_id", id) }
		switch {
		case h.way == "409 for what is in use" && slices.ContainsFunc(h.items["boats"], moored):
			send(w, 409, item{"error": "boats lie there"})
			return
		case h.way == "deletes boats with their harbour":
			h.items["boats"] = slices.DeleteFunc(slices.Clone(h.items["boats"]), moored)
		}
		if h.way != "keeps what is deleted" {
			h.drop(of, id)
		}
		if h.way == "answers deletions" || h.way == "shows what is deleted" {
			h.send(w, 200, map[string]item{"answers deletions": {}, "shows what is deleted": {"id": id, "deleted": true}}[h.way])
			return
		}
		w.WriteHeader(204)
	})
}

// drop takes an item away, and what lies below it.
func (h *harbour) drop(of, id string) {
	at := h.find(of, id)
	if at < 0 {
		return
	}
	h.gone[of] = append(h.gone[of], h.items[of][at])
	id = h.items[of][at]["id"].(string)
	h.items[of] = slices.Delete(slices.Clone(h.items[of]), at, at+1)
	if h.way != "keeps secrets of what is deleted" {
		delete(h.secrets, id)
	}
	delete(h.members, id)
	if of == "boats" {
		h.items["voyages"] = slices.DeleteFunc(slices.Clone(h.items["voyages"]), func(v item) bool { return is(v, "boat", id) })
	}
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
