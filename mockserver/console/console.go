// Package console serves the pages of the mock: its API keys, collections, requests,
// faults and clock, plan and coverage, and the reference of the API served. They are
// static, and ask the control API for everything.
package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Home is the path of the first page; the others lie under [Prefix].
const (
	Home   = "/_mock/"
	Prefix = Home + "console/"
	assets = Prefix + "assets/"
)

//go:embed assets
var embedded embed.FS

// policies are the Content-Security-Policy of each page. The stylesheet of Swagger UI,
// which shows the reference, has icons as data: URLs.
var policies = map[string]string{
	Home:                   policy,
	Prefix + "collections": policy,
	Prefix + "requests":    policy,
	Prefix + "faults":      policy,
	Prefix + "coverage":    policy,
	Prefix + "reference":   strings.Replace(policy, "img-src 'self'", "img-src 'self' data:", 1),
}

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// Serves tells whether a request is for the console: it reads one of the pages or what
// they are made of. These hold no secret and need no token.
func Serves(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.URL.RawPath != "" {
		return false
	}
	return policies[r.URL.Path] != "" || strings.HasPrefix(r.URL.Path, assets)
}

// Wanted tells whether a request is that of a browser for the root of the server, which
// [Home] is shown for.
func Wanted(r *http.Request) bool {
	return r.URL.Path == "/" && (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// Redirect answers a request that is [Wanted].
func Redirect(w http.ResponseWriter) {
	w.Header().Add("Vary", "Accept")
	w.Header().Set("Location", Home)
	w.WriteHeader(http.StatusFound)
}

// ServeHTTP answers a request that the console [Serves].
func ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	name := "index.html"
	if p := policies[r.URL.Path]; p != "" {
		h.Set("Content-Security-Policy", p)
	} else {
		h.Set("Content-Security-Policy", "default-src 'none'")
		name = strings.TrimPrefix(r.URL.Path, assets)
	}
	f, err := opened(name)
	if err != nil {
		http.Error(w, "the console has no such file", http.StatusNotFound)
		return
	}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Cache-Control", "no-cache") // asked for again each time, and not sent again
	h.Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("ETag", `"`+f.hash+`-gzip"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.packed))
		return
	}
	h.Set("ETag", `"`+f.hash+`"`)
	plain, err := unpacked(f.packed)
	if err != nil {
		http.Error(w, "the console's file cannot be read", http.StatusInternalServerError)
		return
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(plain))
}

// file is a file of the console, compressed.
type file struct {
	packed []byte
	hash   string
}

// files are those that were asked for, by name: a mock whose console nobody opens
// keeps none.
var files sync.Map

func opened(name string) (*file, error) {
	if f, ok := files.Load(name); ok {
		return f.(*file), nil //nolint:forcetypeassert // nothing else is stored
	}
	packed, err := embedded.ReadFile("assets/" + name + ".gz")
	if err != nil {
		var plain []byte
		if plain, err = fs.ReadFile(embedded, path.Join("assets", name)); err != nil {
			return nil, err
		}
		packed = compressed(plain)
	}
	sum := sha256.Sum256(packed)
	f, _ := files.LoadOrStore(name, &file{packed: packed, hash: hex.EncodeToString(sum[:8])})
	return f.(*file), nil //nolint:forcetypeassert // nothing else is stored
}

func compressed(plain []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(plain) // to memory
	_ = z.Close()
	return out.Bytes()
}

func unpacked(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
