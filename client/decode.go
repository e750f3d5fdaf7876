package client

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// decode reads a page out of an answer.
func (a *answer) decode(page any) *Error {
	if e := a.judge(http.StatusOK); e != nil {
		return e
	}
	d := decoder{assumeUTC: a.sender.cfg.assumeUTC}
	if e := d.value(a.body, reflect.ValueOf(page).Elem(), "", false); e != nil {
		return a.fail(e)
	}
	return nil
}

// malformed is the error of a body that is not exactly one JSON value, or nil.
func malformed(body []byte) *Error {
	err := json.Unmarshal(body, &json.RawMessage{})
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) {
		return nil
	}
	reason := "the body is not JSON: mistake at byte %d"
	if strings.Contains(syntax.Error(), "unexpected end") {
		reason = "the JSON is cut off after %d bytes"
	} else if strings.Contains(syntax.Error(), "after top-level value") {
		reason = "there is more than one JSON value: something follows at byte %d"
	}
	return &Error{Kind: ErrMalformedJSON, Message: fmt.Sprintf(reason, syntax.Offset)}
}

// decodeRefusal reads the API's envelope or FastAPI's list; ErrInvalidBody if it is
// neither. Not every revision of the document has both, so they are not taken from gen.
func decodeRefusal(body []byte) *Error {
	var envelope struct {
		ErrorCode string `json:"error_code"`
		Message   string `json:"message"`
	}
	var list struct {
		Detail []struct {
			Loc       []any
			Msg, Type string
		}
	}
	e := new(decoder).value(body, reflect.ValueOf(&envelope).Elem(), "", false)
	if e == nil {
		return &Error{Kind: ErrRefused, Code: ErrorCode(envelope.ErrorCode), Message: envelope.Message}
	}
	if err := json.Unmarshal(body, &list); err != nil || list.Detail == nil {
		return e
	}
	e = &Error{Kind: ErrValidation}
	var said []string
	for _, entry := range list.Detail {
		field := FieldError{Message: entry.Msg, Type: entry.Type}
		for i, step := range entry.Loc {
			if i > 0 {
				field.Loc += "."
			}
			field.Loc += fmt.Sprint(step)
		}
		e.Fields, said = append(e.Fields, field), append(said, field.String())
	}
	e.Message = strings.Join(said, "; ")
	return e
}

// decoder reads JSON into generated models.
//
// encoding/json alone takes too much: an absent required member leaves a zero value, null
// does the same, and names match in any case. And it takes too little: 3.0 is an integer
// (JSON Schema 2020-12, 6.1.1), and a date-time may be written with t and z or be a leap
// second (RFC 3339, 5.6 and 5.7). So every member is decoded by itself, required where
// the tag has no omitempty; unknown members and enum values are let through. What decodes
// itself (unions, objects with free members) is left to do so. Each level is read again
// by the one below it; maxDepth bounds that.
type decoder struct {
	assumeUTC bool // of date-times without time zone
}

const maxDepth = 64

func (d *decoder) value(raw json.RawMessage, into reflect.Value, at string, required bool) *Error {
	t := into.Type()
	null := bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
	switch {
	case null && required && !takesNull(t):
		return invalid(at, "is null, which is not allowed there")
	case t == reflect.TypeFor[time.Time]():
		return d.time(raw, into, at)
	case isNullable(t):
		element := reflect.New(t.Elem()).Elem()
		if !null {
			if e := d.value(raw, element, at, false); e != nil {
				return e
			}
		}
		into.Set(reflect.MakeMap(t))
		into.SetMapIndex(reflect.ValueOf(!null), element)
		return nil
	case decodesItself(t):
	case t.Kind() == reflect.Pointer && !null:
		into.Set(reflect.New(t.Elem()))
		return d.value(raw, into.Elem(), at, false)
	case t.Kind() == reflect.Struct:
		return d.object(raw, into, at)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		return d.list(raw, into, at)
	case into.CanInt():
		raw = json.RawMessage(plainInteger(string(raw)))
	}
	// The error's own text would quote the value.
	if err := json.Unmarshal(raw, into.Addr().Interface()); err != nil {
		return invalid(at, "does not have the documented type or format")
	}
	return nil
}

func (d *decoder) list(raw json.RawMessage, into reflect.Value, at string) *Error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return invalid(at, "is not an array")
	}
	list := reflect.MakeSlice(into.Type(), len(items), len(items))
	for i, item := range items {
		if e := d.value(item, list.Index(i), at+"/"+strconv.Itoa(i), true); e != nil {
			return e
		}
	}
	into.Set(list)
	return nil
}

func (d *decoder) object(raw json.RawMessage, into reflect.Value, at string) *Error {
	if strings.Count(at, "/") > maxDepth {
		return invalid(at, "is nested too deep")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return invalid(at, "is not an object")
	}
	for i := range into.NumField() {
		name, options, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		required := !strings.Contains(options, "omitempty")
		here := at + "/" + pointerEscape.Replace(name)
		if value, present := members[name]; present {
			if e := d.value(value, into.Field(i), here, required); e != nil {
				return e
			}
		} else if required {
			return invalid(here, "is required and missing")
		}
	}
	return nil
}

// time reads a date-time.
func (d *decoder) time(raw json.RawMessage, into reflect.Value, at string) *Error {
	var text string
	_ = json.Unmarshal(raw, &text) // what is no string is no date-time either
	parsed, problem := instant(text, d.assumeUTC)
	if problem != "" {
		return invalid(at, problem)
	}
	into.Set(reflect.ValueOf(parsed))
	return nil
}

// isNullable reports whether t is a nullable.Nullable: a map of one entry.
func isNullable(t reflect.Type) bool {
	return t.Kind() == reflect.Map && t.Key().Kind() == reflect.Bool
}

func takesNull(t reflect.Type) bool {
	return isNullable(t) || t.Kind() == reflect.Interface || t.Kind() == reflect.Pointer || t == reflect.TypeFor[json.RawMessage]()
}

func decodesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

func invalid(at, rule string) *Error {
	place := strconv.Quote(at)
	if at == "" {
		place = "the body"
	}
	return &Error{Kind: ErrInvalidBody, Pointer: at, Message: place + " " + rule}
}
