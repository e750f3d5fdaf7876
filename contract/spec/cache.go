package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

// remembered is an answer kept in the cache directory.
type remembered struct {
	ETag   string `json:"etag"`
	SHA256 string `json:"sha256"` // of Body: a file cut short is no answer
	Body   []byte `json:"body"`
}

// cacheFile names an address's file; the address itself, which may hold a
// secret, is not written anywhere.
func (l *loader) cacheFile(address *url.URL) string {
	return filepath.Join(l.cacheDir, digest([]byte(address.String()))+".json")
}

// remembered returns what the cache holds for an address; nil when there is
// nothing of use, which only means that it is fetched anew.
func (l *loader) remembered(address *url.URL) *remembered {
	var r remembered
	data, err := os.ReadFile(l.cacheFile(address))
	if l.cacheDir == "" || err != nil || json.Unmarshal(data, &r) != nil || r.ETag == "" || r.SHA256 != digest(r.Body) {
		return nil
	}
	return &r
}

// remember keeps an answer that has an ETag.
func (l *loader) remember(address *url.URL, etag string, body []byte) error {
	if l.cacheDir == "" || etag == "" {
		return nil
	}
	data, err := json.Marshal(remembered{ETag: etag, SHA256: digest(body), Body: body})
	if err == nil {
		err = os.MkdirAll(l.cacheDir, 0o700)
	}
	if err == nil {
		err = os.WriteFile(l.cacheFile(address), data, 0o600) // half written it does no harm: see remembered
	}
	if err != nil {
		return fmt.Errorf("spec: the cache: %w; name a directory that can be written", err)
	}
	return nil
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
