package contract

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Credential is a secret that [Curl] should know by name.
type Credential struct {
	Secret string
	// Variable is the shell variable that stands for the secret, such as
	// DIGAKIT_KEY. Empty: no secret at all, made up for a test and printed as
	// it is.
	Variable string
}

// maxCurlBody is how much of a body stands in a command line, in bytes.
const maxCurlBody = 4096

// Curl returns the curl command, for a POSIX shell, that sends r with body once
// more. Credentials are not in it: known ones are given as their variables, and
// what else stands in Authorization, or in a header or query parameter that holds a
// secret by its name (see [Validator.HoldsSecret]), as $DIGAKIT_KEY or $SECRET. A
// body is printed as it is, but for values of JSON properties and form fields that hold
// a secret by their names, or that the document has as format password or writeOnly. One
// that is binary, broken or of parts and names a secret, or over 4 kB is left to a file
// named body.
func (v *Validator) Curl(r *http.Request, body []byte, known ...Credential) string {
	target := *r.URL
	if target.Host == "" {
		target.Host = r.Host
	}
	if target.Scheme == "" {
		target.Scheme = "http"
	}
	target.User = nil
	query, secretQuery := v.curlQuery(target.RawQuery, known)
	target.RawQuery = ""
	line := target.String()
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		line += "?"
	}
	words := []string{"curl", "-i"}
	if strings.ContainsAny(line+query, "[]{}") {
		words = append(words, "-g")
	}
	if dots := func(s string) bool { return s == "." || s == ".." }; slices.ContainsFunc(strings.Split(line, "/"), dots) {
		words = append(words, "--path-as-is") // curl would resolve the dots
	}
	switch method := cmp.Or(r.Method, http.MethodGet); {
	case method == http.MethodHead:
		words[1] = "-I"
	case method != http.MethodGet && (method != http.MethodPost || len(body) == 0), method == http.MethodGet && len(body) > 0:
		words = append(words, "-X", shellWord(method))
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			words = append(words, "-H", v.curlHeader(name, value, known))
		}
	}
	if len(body) > 0 {
		words = append(words, v.curlBody(r.Header.Get("Content-Type"), body, known)...)
	}
	if secretQuery {
		return strings.Join(append(words, `"`+shellDouble(line)+query+`"`), " ")
	}
	return strings.Join(append(words, shellQuoted(line+query)), " ")
}

// curlBody returns the options that send a body.
func (v *Validator) curlBody(contentType string, body []byte, known []Credential) []string {
	file := []string{"--data-binary", "@body"}
	if len(body) > maxCurlBody || !utf8.Valid(body) || slices.Contains(body, 0) {
		return file
	}
	if strings.Contains(contentType, "x-www-form-urlencoded") {
		if fields, found := v.curlQuery(string(body), known); found {
			return []string{"--data-raw", `"` + fields + `"`}
		}
	}
	var secrets [][2]int64
	var err error
	for d := json.NewDecoder(bytes.NewReader(body)); err == nil; {
		secrets, err = v.secretValues(d, secrets)
	}
	if !errors.Is(err, io.EOF) && slices.ContainsFunc(quotedNames.FindAllStringSubmatch(string(body), -1), func(name []string) bool { return v.holdsSecret(name[1]) }) {
		return file
	}
	if !errors.Is(err, io.EOF) || len(secrets) == 0 {
		return []string{"--data-raw", shellWord(string(body))}
	}
	word, done := "", int64(0)
	for _, secret := range secrets {
		word += shellQuoted(string(body[done:secret[0]])) + `"$SECRET"`
		done = secret[1]
	}
	return []string{"--data-raw", word + shellQuoted(string(body[done:]))}
}

// quotedNames are names in JSON that is broken, and in multipart bodies.
var quotedNames = regexp.MustCompile(`"([^"\\]*)"`)

// secretValues adds where the values of secret properties stand in the next JSON value,
// those of texts without their quotes.
func (v *Validator) secretValues(d *json.Decoder, found [][2]int64) ([][2]int64, error) {
	token, err := d.Token()
	if err != nil || token != json.Delim('{') && token != json.Delim('[') {
		return found, err
	}
	for d.More() {
		if token == json.Delim('{') {
			key, err := d.Token()
			if err != nil {
				return found, err
			}
			if name, _ := key.(string); v.holdsSecret(name) {
				var value json.RawMessage
				if err := d.Decode(&value); err != nil {
					return found, err
				}
				at := [2]int64{d.InputOffset() - int64(len(value)), d.InputOffset()}
				if value[0] == '"' {
					at[0], at[1] = at[0]+1, at[1]-1
				}
				if string(value) != "null" && at[0] < at[1] {
					found = append(found, at)
				}
				continue
			}
		}
		if found, err = v.secretValues(d, found); err != nil {
			return found, err
		}
	}
	_, err = d.Token()
	return found, err
}

// curlQuery returns the query, and whether a variable stands in it; it is then
// escaped for double quotes.
func (v *Validator) curlQuery(raw string, known []Credential) (string, bool) {
	pairs := strings.Split(raw, "&")
	found := false
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		variable, secret := variableFor(unescaped(value), known)
		if !secret && value != "" && v.holdsSecret(unescaped(name)) {
			variable, secret = "SECRET", true
		}
		pairs[i] = shellDouble(pair)
		if secret && variable != "" {
			pairs[i], found = shellDouble(name)+"=$"+variable, true
		}
	}
	if !found {
		return raw, false
	}
	return strings.Join(pairs, "&"), true
}

// curlHeader returns the value of a -H option.
func (v *Validator) curlHeader(name, value string, known []Credential) string {
	if value == "" {
		return shellWord(name + ";") // how curl sends an empty one
	}
	before, secret := name+": ", value
	if scheme, rest, cut := strings.Cut(value, " "); cut {
		if _, whole := variableFor(value, known); !whole {
			before, secret = before+scheme+" ", rest
		}
	}
	variable, isKnown := variableFor(secret, known)
	switch {
	case isKnown:
	case strings.EqualFold(name, "Authorization") || strings.EqualFold(name, "Proxy-Authorization"):
		variable = "DIGAKIT_KEY"
	case v.HoldsSecret(name):
		before, variable = name+": ", "SECRET"
	}
	if variable == "" {
		return shellWord(name + ": " + value)
	}
	return `"` + shellDouble(before) + "$" + variable + `"`
}

func variableFor(value string, known []Credential) (string, bool) {
	for _, c := range known {
		if c.Secret != "" && c.Secret == value {
			return c.Variable, true
		}
	}
	return "", false
}

func unescaped(name string) string {
	if plain, err := url.QueryUnescape(name); err == nil {
		return plain
	}
	return name
}

// shellWord quotes what a shell would take apart.
func shellWord(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=@") == "" {
		return s
	}
	return shellQuoted(s)
}

func shellQuoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// shellDouble escapes what has a meaning between double quotes.
func shellDouble(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`").Replace(s)
}
