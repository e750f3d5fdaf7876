package seed

import (
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/project"
)

// Bounds on what one value may be.
const (
	maxName   = 255  // characters
	maxSecret = 1024 // characters, each of them one byte
)

// Creation times lie in [minCreated, maxCreated): far enough from year 10000,
// which JSON has no way to write, for the keys created later.
var (
	minCreated = time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC)
	maxCreated = time.Date(2200, time.January, 1, 0, 0, 0, 0, time.UTC)
)

// text returns text. Anything else YAML takes for another type wants quotes.
func (v value) text() (string, bool) {
	switch {
	case v.null():
		v.mistake("this is empty; give a value or leave the line out")
	case v.kind() != "text":
		v.mistake("this is %s; it must be text: put it in quotes", v.kind())
	default:
		return v.node.Value, true
	}
	return "", false
}

// name returns text of 1 to 255 characters.
func (v value) name() (string, bool) {
	s, ok := v.text()
	if n := utf8.RuneCountInString(s); ok && (n < 1 || n > maxName || !utf8.ValidString(s)) {
		v.mistake("a name has 1 to %d characters, not %d", maxName, n)
		return "", false
	}
	return s, ok
}

// projectName returns a name that is not reserved for what is no project.
func (v value) projectName() (string, bool) {
	s, ok := v.name()
	if ok && s[0] == '_' {
		v.mistake("names of projects that begin with _ are reserved")
		return "", false
	}
	return s, ok
}

var canonicalID = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

const idRule = "an id is a UUID such as 5b1f0c2e-8d7a-4f3b-9e61-0a2b3c4d5e6f, not all zeros"

// id returns a UUID in its canonical form, either case.
func (v value) id() (uuid.UUID, bool) {
	s, ok := v.text()
	if !ok {
		return uuid.Nil, false
	}
	id, ok := parseID(s)
	if !ok {
		v.mistake("%s; leave it out to have one made from the name", idRule)
	}
	return id, ok
}

func parseID(s string) (uuid.UUID, bool) {
	if !canonicalID.MatchString(s) {
		return uuid.Nil, false
	}
	id, err := uuid.Parse(s)
	return id, err == nil && id != uuid.Nil
}

// instant returns a time in whole microseconds, in UTC.
func (v value) instant() (time.Time, bool) {
	var t time.Time
	err := t.UnmarshalText([]byte(v.node.Value))
	switch k := v.kind(); {
	case k != "text" && k != "a date", err != nil:
		v.mistake("a date is written as in RFC 3339, such as 2025-01-07T08:00:00Z")
	case t.Before(minCreated) || !t.Before(maxCreated):
		v.mistake("a date lies from %d to %d", minCreated.Year(), maxCreated.Year()-1)
	case t.Nanosecond()%1000 != 0:
		v.mistake("a date has at most six decimals of a second, as the API's have")
	default:
		return t.UTC(), true
	}
	return time.Time{}, false
}

var decimal = regexp.MustCompile(`^[0-9]{1,7}$`)

// count returns a number from 1 to 1,000,000.
func (v value) count() (int, bool) {
	n, err := strconv.Atoi(v.node.Value)
	if v.kind() != "a number" || !decimal.MatchString(v.node.Value) || err != nil || n < 1 || n > maxKeys {
		v.mistake("a count is a whole number from 1 to %d, in decimal digits", maxKeys)
		return 0, false
	}
	return n, true
}

// visible matches what an Authorization header can carry behind "Bearer ": more
// than the b64token of RFC 6750, section 2.1, but no space and no control
// character.
var visible = regexp.MustCompile(`^[!-~]+$`)

// secret returns a secret.
func (v value) secret() (string, bool) {
	s, ok := v.text()
	if ok && (len(s) > maxSecret || !visible.MatchString(s)) {
		v.mistake("a secret has 1 to %d visible ASCII characters and no spaces, so that an Authorization header can carry it", maxSecret)
		return "", false
	}
	return s, ok
}

// lastFour returns four characters; digits need no quotes.
func (v value) lastFour() (string, bool) {
	if k := v.kind(); (k != "text" && k != "a number") || len(v.node.Value) != 4 || !visible.MatchString(v.node.Value) {
		v.mistake("last_four_digits are four visible ASCII characters, such as 0001")
		return "", false
	}
	return v.node.Value, true
}

// role returns what a member may do.
func (v value) role() (project.Role, bool) {
	s, ok := v.text()
	if !ok {
		return "", false
	}
	switch r := project.Role(s); r {
	case project.Administrator, project.PlainMember:
		return r, true
	}
	roles := []string{string(project.Administrator), string(project.PlainMember)}
	v.mistake("there is no role %s; %s", shown(s), remedy(s, roles, "the roles are "))
	return "", false
}
