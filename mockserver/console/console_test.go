package console

import (
	"net/http/httptest"
	"testing"
)

// A mock whose console nobody opens reads and compresses none of its files.
func TestFilesAreReadWhenAskedFor(t *testing.T) {
	t.Parallel()
	count := func() (n int) {
		files.Range(func(any, any) bool { n++; return true })
		return n
	}
	if n := count(); n != 0 {
		t.Errorf("%d files are kept before a page was asked for", n)
	}
	ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", Home, nil))
	if n := count(); n != 1 {
		t.Errorf("%d files are kept after one was asked for", n)
	}
}
