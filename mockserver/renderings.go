package mockserver

import (
	"encoding/binary"
	"sync/atomic"

	"github.com/digakit/digakit/mockserver/project"
)

// renderings remembers keys as JSON. A key never changes, so its JSON does not
// either. It is bounded by having one place for each of a fixed number of keys,
// chosen by id; a newcomer takes the place of whoever is there. Safe for
// concurrent use.
type renderings struct {
	places [1 << 12]atomic.Pointer[rendering] // some 1.5 MB when full
}

type rendering struct {
	key  *project.Key
	json []byte
}

// appendKey appends what render appends for k, which it must do for the same key
// alike every time.
func (r *renderings) appendKey(b []byte, k *project.Key, render func([]byte, *project.Key) ([]byte, error)) ([]byte, error) {
	place := &r.places[binary.LittleEndian.Uint16(k.ID[14:])%uint16(len(r.places))]
	if known := place.Load(); known != nil && known.key == k {
		return append(b, known.json...), nil
	}
	from := len(b)
	b, err := render(b, k)
	if err != nil {
		return nil, err
	}
	place.Store(&rendering{key: k, json: append([]byte(nil), b[from:]...)})
	return b, nil
}
