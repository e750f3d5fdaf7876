package coverage

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

func put[K comparable](m map[K]int, key K, n int) map[K]int {
	if m == nil {
		m = map[K]int{}
	}
	m[key] = n
	return m
}

// join adds a name to a path; one that could be mistaken for more than a name is
// quoted.
func join(path, name string) string {
	if name == "" || strings.ContainsAny(name, ".[]*\"") || !printable(name) {
		return path + "[" + strconv.Quote(name) + "]"
	}
	if path == "" {
		return name
	}
	return path + "." + name
}

// printable tells whether text can be shown as it is.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) })
}

// maxText bounds how much of a value is shown, in bytes.
const maxText = 80

// textOf shows a value: as JSON, but strings that can only be strings as they are.
func textOf(v any) string {
	if text, ok := v.(string); ok && !json.Valid([]byte(text)) && strings.TrimSpace(text) != "" && printable(text) {
		return cut(text)
	}
	text, err := spec.EncodeJSON(v)
	if err != nil {
		return "?"
	}
	return cut(string(text))
}

func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "…"
}

// canonical is the same for numbers that are equal, within what matters: integers
// of up to 18 digits exactly, others as far as a float64 tells them apart.
func canonical(number string) string {
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		return strconv.FormatInt(n, 10)
	}
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number
	}
	if f > -1e15 && f < 1e15 && f == float64(int64(f)) {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(f, 'g', -1, 64)
}
