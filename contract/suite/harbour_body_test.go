package suite_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

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
