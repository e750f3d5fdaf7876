package spec

import (
	"net/http"
	"time"
)

// Limits of a loader, and the client, for tests of what happens at them.
func MaxBytes(n int64) LoadOption               { return func(l *loader) { l.maxBytes = n } }
func MaxPages(n int) LoadOption                 { return func(l *loader) { l.maxPages = n } }
func Timeout(d time.Duration) LoadOption        { return func(l *loader) { l.timeout = d } }
func HTTPClient(client *http.Client) LoadOption { return func(l *loader) { l.http = client } }
