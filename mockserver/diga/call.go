package diga

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/mockserver/engine"
)

// phone is the phone of the project that a call is to come from: by number or id.
func phone(w engine.Work, from string) object {
	for _, p := range w.Items("phone", "") {
		if from != "" && (p["number"] == from || strings.EqualFold(text(p["id"]), from)) {
			return p
		}
	}
	return nil
}

var spanish = regexp.MustCompile(`^\+34\d{9}$`)

// callees refuses calls to other numbers than Spanish ones, and from numbers that are
// not the project's.
func callees(w engine.Work) *engine.Refusal {
	to, from := text(body(w)["to_number"]), text(body(w)["from_number"])
	switch {
	case !spanish.MatchString(to) && w.Documents("400"):
		return w.Refuse(400, "Phone number "+to+" is not a Spanish phone number")
	case phone(w, from) == nil && w.Documents("404"):
		return w.Refuse(404, "Phone number "+from+" not found")
	}
	return nil
}

// activeStates are those of a call that has not ended, the first ones first.
var activeStates = []string{"dialing", "in_queue", "in_progress"}

func active(call object) bool { return slices.Contains(activeStates, text(call["status"])) }

// endReasons are those that the page on voicemail and phone menus names, and none.
var endReasons = []any{nil, "voicemail_left", "answering_machine_detected", "mailbox_unavailable", "ivr_no_answer", "ivr_unreachable"}

// call is what a new call knows of the request for it. Of those that are there from the
// start the newest are active; what has not ended has no end.
func call(w engine.Work, e engine.Entry) {
	age := w.Begins("call") - 1 - e.Ordinal
	switch {
	case e.Ordinal < 0 && !e.New:
		turned(w, e)
		return
	case e.Ordinal < 0 && body(w)["to_number"] != nil:
		dial(w, e)
	case e.Ordinal < 0:
	case age < len(activeStates):
		e.Set("status", activeStates[age])
	case active(e.Value):
		e.Set("status", "completed")
	}
	if contact, ok := e.Value["contact"].(object); ok && e.Ordinal >= 0 && contact["contact_type"] == "call" {
		contact["identifier"] = fmt.Sprintf("+346%08d", 10_243_761*(e.Ordinal+1)%100_000_000)
	}
	switch {
	case active(e.Value):
		goesOn(e)
	case e.Ordinal >= 0:
		begun, _, _ := spec.Instant(text(e.Value["created_date"]))
		seconds := 15 + e.Ordinal*37%600
		e.Set("start_time", begun.Format(instant))
		e.Set("end_time", begun.Add(time.Duration(seconds)*time.Second).Format(instant))
		e.Set("duration", numeral(seconds))
		e.Set("end_reason", endReasons[e.Ordinal%len(endReasons)])
	}
}

// turned is a call whose status is set: it begins or ends now, unless it is set when.
func turned(w engine.Work, e engine.Entry) {
	before := w.Item("call", text(e.Value["id"]))
	if before == nil || before["status"] == e.Value["status"] {
		return
	}
	absent := func(name string, v any) {
		if e.Value[name] == nil {
			e.Set(name, v)
		}
	}
	now := w.Request().Now.UTC().Format(instant)
	if active(e.Value) {
		goesOn(e)
		if e.Value["status"] == "in_progress" {
			absent("start_time", now)
		}
		return
	}
	if active(before) {
		absent("start_time", now)
		absent("end_time", now)
		begun, _ := spec.Date(text(e.Value["start_time"]))
		ended, _ := spec.Date(text(e.Value["end_time"]))
		absent("duration", numeral(int(ended.Sub(begun).Seconds())))
	}
}

// goesOn lets a call that has not ended have no end, and no start before it is answered.
func goesOn(e engine.Entry) {
	for _, name := range []string{"end_time", "duration", "end_reason", "recording_url"} {
		e.Set(name, nil)
	}
	if e.Value["status"] != "in_progress" {
		e.Set("start_time", nil)
	}
}

// dial is a call that was asked for.
func dial(w engine.Work, e engine.Entry) {
	sent := body(w)
	e.Value["status"], e.Value["type"] = "dialing", "outbound"
	if contact, ok := e.Value["contact"].(object); ok {
		contact["identifier"], contact["contact_type"] = sent["to_number"], "call"
	}
	if from := phone(w, text(sent["from_number"])); from != nil {
		e.Value["phone_register_id"], e.Value["agent_id"] = from["id"], from["outbound_agent_id"]
	}
}

// concurrency counts the calls that have not ended.
func concurrency(w engine.Work) (engine.Response, bool, error) {
	n := 0
	for _, c := range w.Items("call", "") {
		if active(c) {
			n++
		}
	}
	resp, err := w.Show(object{"active_calls": numeral(n)})
	return resp, true, err
}

// silent refuses to download recordings of calls of which none has one.
func silent(w engine.Work) *engine.Refusal {
	ids, _ := body(w)["call_ids"].([]any)
	for _, id := range ids {
		if call := w.Item("call", strings.ToLower(text(id))); call != nil && call["recording_url"] != nil {
			return nil
		}
	}
	if !w.Documents("404") {
		return nil
	}
	return w.Refuse(404, "")
}
