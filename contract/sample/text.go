package sample

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/brianvoe/gofakeit/v7"
	"github.com/google/uuid"

	"github.com/digakit/digakit/contract/spec"
)

// text makes a string: by format, pattern, example or name, in this order.
func (w *work) text(s *spec.Schema, path, name string) (any, error) {
	f := w.fake(path)
	made, fixed := w.formatted(f, s.Format, path, name)
	switch {
	case len(s.Patterns) > 0:
		return w.matching(f, s, made, fixed)
	case !fixed:
		if v, ok := w.example(s, path); ok {
			return v, nil
		}
		made = w.named(f, path, name)
	}
	return fit(made, s.MinLength, s.MaxLength), nil
}

// example takes one of the schema's examples, or its default, half of the time.
func (w *work) example(s *spec.Schema, path string) (any, bool) {
	known := s.Examples
	if s.Default != nil && *s.Default != nil {
		known = append(known[:len(known):len(known)], *s.Default)
	}
	if len(known) == 0 || w.attempt > 0 || w.turn(path+"?example", 2) == 0 {
		return nil, false
	}
	v := known[w.turn(path, len(known))]
	switch v := v.(type) {
	case string:
		n := utf8.RuneCountInString(v)
		return v, v != "" && n >= s.MinLength && (s.MaxLength < 0 || n <= s.MaxLength)
	case json.Number:
		return v, true
	}
	return nil, false
}

// fit makes a text as long as it must be, and no longer than it may.
func fit(text string, shortest, longest int) string {
	for n := utf8.RuneCountInString(text); n < shortest; n = utf8.RuneCountInString(text) {
		more := []rune(text)
		if len(more) == 0 {
			more = []rune("sample")
		}
		text += string(more[:min(len(more), shortest-n)])
	}
	if runes := []rune(text); longest >= 0 && len(runes) > longest {
		return string(runes[:longest])
	}
	return text
}

// formatted makes a text of a format of JSON Schema or OpenAPI.
func (w *work) formatted(f *gofakeit.Faker, format, path, name string) (string, bool) {
	switch format {
	case "uuid":
		return w.uuid(path), true
	case "date-time":
		return w.date(path, name).Format("2006-01-02T15:04:05.000000Z"), true
	case "date":
		return w.date(path, name).Format(time.DateOnly), true
	case "time":
		return w.date(path, name).Format("15:04:05Z"), true
	case "duration":
		return fmt.Sprintf("PT%dS", int(w.duration().Seconds())), true
	case "email", "idn-email":
		return email(f), true
	case "uri", "url", "iri", "uri-reference", "iri-reference":
		return address(f, name), true
	case "uri-template":
		return "https://www.example.com/" + f.RandomString(purposes) + "/{id}", true
	case "hostname", "idn-hostname":
		return strings.ToLower(f.LastName()) + ".example.com", true
	case "ipv4":
		return fmt.Sprintf("192.0.2.%d", 1+f.IntN(254)), true // RFC 5737
	case "ipv6":
		return fmt.Sprintf("2001:db8::%x", 1+f.IntN(65535)), true // RFC 3849
	case "byte":
		return base64.StdEncoding.EncodeToString([]byte(f.RandomString(descriptions))), true
	case "json-pointer":
		return "/" + f.RandomString(purposes), true
	case "relative-json-pointer":
		return "1/" + f.RandomString(purposes), true
	case "regex":
		return "^[a-z]+$", true
	case "phone", "e164", "phone-number":
		return phone(f), true
	}
	return "", false
}

func (w *work) uuid(path string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, fmt.Appendf(nil, "%d/%s/%d%s/%d", w.maker.seed, w.place.Collection, w.place.Ordinal, path, w.attempt)).String()
}

// duration is how long the thing lasts that the value is about: from a start to an
// end within it.
func (w *work) duration() time.Duration {
	return time.Duration(20+w.random("duration").IntN(600)) * time.Second
}

// date lies near the time of the item, after it, in the order that names suggest.
func (w *work) date(path, name string) time.Time {
	t := w.place.Time
	switch {
	case called(name, "expir", "next", "period_end", "due", "scheduled", "renew"):
		return t.AddDate(0, 1, w.random(path).IntN(300)).Truncate(time.Hour)
	case called(name, "end", "finish", "complet", "stop"):
		return t.Add(time.Second + w.duration())
	case called(name, "updat", "modif", "change", "last", "released", "assigned", "publish"):
		return t.Add(time.Hour + time.Duration(w.random(path).IntN(72*3600))*time.Second)
	case called(name, "start", "begin", "answer"):
		return t.Add(time.Second)
	}
	return t
}
