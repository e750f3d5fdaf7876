package suite_test

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

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
		if at := h.find("boats", r.PathValue("boat")); of == "voyages" && at >= 0 && h.way == "no voyages of a sloop" && is(h.items["boats"][at], "rig", "sloop") {
			send(w, 400, item{"error": "a sloop stays in its harbour"})
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

// berths tells whether a boat is given the berth that is sent.
func (h *harbour) berths(boat item) bool {
	return (h.way != "berths the insured alone" || boat["insured"] == true) && (h.way != "berths the uninsured alone" || boat["insured"] != true)
}

// made stores a new item and answers it.
func (h *harbour) made(w http.ResponseWriter, of string, made item, boat string) {
	if of == "boats" && !h.berths(made) {
		delete(made, "berth")
	}
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
		if h.way == "reads items in a list" {
			h.send(w, 200, []item{shown})
			return
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
		if h.way == "finds nothing to change" {
			send(w, 404, item{"error": "not found"})
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
		if of == "boats" && !h.berths(one) {
			delete(sent, "berth")
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
