package diga

import (
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver/engine"
)

// ownProject lets the newest project of the start be that of the caller's key.
func ownProject(w engine.Work, e engine.Entry) {
	if own := w.Owner(); own.ID != "" && e.Ordinal == w.Begins("project")-1 {
		e.Value["id"], e.Value["name"] = own.ID, own.Name
	}
}

func lastProject(w engine.Work) *engine.Refusal {
	id := w.Request().Path["id"]
	if w.Documents("400") && w.Item("project", id) != nil && len(w.Items("project", "")) == 1 {
		return w.Refuse(400, "")
	}
	return nil
}

const administrator = "admin"

func roleOf(member object) string {
	of, _ := member["role"].(object)
	return text(of["name"])
}

// lastAdministrator refuses to remove the last administrator, or to give another role.
func lastAdministrator(w engine.Work) *engine.Refusal {
	member := w.Item("project/member", w.Request().Path["profile_id"])
	if member == nil || roleOf(member) != administrator || text(body(w)["role"]) == administrator || !w.Documents("400") {
		return nil
	}
	for _, other := range w.Items("project/member", w.Request().Path["project_id"]) {
		if roleOf(other) == administrator && other["id"] != member["id"] {
			return nil
		}
	}
	return w.Refuse(400, "")
}

// validity is how long an invitation of a client can be read; assumed.
const validity = 7 * 24 * time.Hour

// invitation of a client is to the project of its key, also when the item of that is gone.
func invitation(w engine.Work, e engine.Entry) {
	own := w.Owner()
	if own.ID == "" || !e.New || e.Ordinal >= 0 {
		return
	}
	e.Value["project_id"], e.Value["project_name"] = own.ID, own.Name
	e.Set("expires_at", w.Request().Now.UTC().Add(validity).Format(instant))
	if item := w.Item("project", own.ID); item != nil {
		e.Value["project_name"] = item["name"]
	}
}

// invitee refuses to invite by what is no address, and who is a member.
func invitee(w engine.Work) *engine.Refusal {
	email := text(body(w)["email"])
	if address, err := mail.ParseAddress(email); (err != nil || address.Address != email) && w.Documents("400") {
		return w.Refuse(400, "The email "+email+" is not valid")
	}
	for _, m := range w.Items("project/member", w.Owner().ID) {
		if strings.EqualFold(text(m["email"]), email) && w.Documents("409") {
			return w.Refuse(409, "Profile with email "+email+" is already in the company")
		}
	}
	return nil
}

// expired refuses to show an invitation after its time.
func expired(w engine.Work) *engine.Refusal { return after(w, 410) }

// lapsed refuses to accept one after its time, as one that is not there.
func lapsed(w engine.Work) *engine.Refusal { return after(w, 404) }

func after(w engine.Work, status int) *engine.Refusal {
	invited := w.Item("project/invitation", w.Request().Path["invitation_id"])
	if end, ok := spec.Date(text(invited["expires_at"])); ok && w.Request().Now.After(end) && w.Documents(strconv.Itoa(status)) {
		return w.Refuse(status, "")
	}
	return nil
}

// joinProject makes who was invited a member of the project, which ends the invitation.
func joinProject(w engine.Work) (engine.Response, bool, error) {
	id := w.Request().Path["invitation_id"]
	invited := w.Item("project/invitation", id)
	project := w.Item("project", text(invited["project_id"]))
	if project == nil {
		return engine.Response{}, false, nil
	}
	member := object{"email": invited["invited_email"], "added_at": w.Request().Now.UTC().Format(instant)}
	if profile := text(invited["invited_profile_id"]); profile != "" && w.Item("project/member", profile) == nil {
		member["id"] = profile
	}
	for _, r := range w.Items("role", "") {
		if r["name"] == invited["role"] {
			member["role"] = r
		}
	}
	w.Create("project/member", text(project["id"]), member)
	w.Remove("project/invitation", func(i object) bool { return i["id"] == invited["id"] })
	resp, err := w.Show(w.Item("project", text(project["id"])))
	return resp, true, err
}

// roles are Administrator, Member and Reader, by the names that the API has for them,
// with what the page on teams lets each do; nil: everything.
var roles = []struct {
	name        string
	permissions []string
}{
	{administrator, nil},
	{"member", []string{"agents.view", "calls.view", "calls.create", "contacts.view", "phones.view", "recordings.view", "stats.view", "transcriptions.view"}},
	{"reader", []string{"calls.view", "recordings.view", "stats.view", "transcriptions.view"}},
}

// role is one of them. All are the permissions that the document has.
func role(all []gen.Permission) func(engine.Work, engine.Entry) {
	return func(_ engine.Work, e engine.Entry) {
		if e.Ordinal < 0 {
			return
		}
		of := roles[e.Ordinal%len(roles)]
		permissions := []any{}
		for _, p := range all {
			if of.permissions == nil || slices.Contains(of.permissions, string(p)) {
				permissions = append(permissions, string(p))
			}
		}
		e.Value["name"], e.Value["permissions"] = of.name, permissions
	}
}
