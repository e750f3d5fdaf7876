package mockserver

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/digakit/digakit/mockserver/project"
)

// apiKeyPage is a 200 of ListAPIKeys. It writes the same bytes as marshalling
// gen.APIKeyPage would (a test holds it to that), at a twelfth of the cost: a page
// of 50 keys took longer to marshal than everything else together.
type apiKeyPage struct {
	keys           []*project.Key
	hasMore        bool
	numbered       bool // current and total are shown
	current, total int
	unrestricted   string // permissions of an unrestricted key, as JSON
	known          *renderings
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// VisitListAPIKeysResponse makes apiKeyPage a gen.ListAPIKeysResponseObject.
func (p apiKeyPage) VisitListAPIKeysResponse(w http.ResponseWriter) error {
	buf := buffers.Get().(*[]byte)
	defer buffers.Put(buf)
	body, err := p.appendJSON((*buf)[:0])
	if err != nil {
		return err
	}
	*buf = body
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	_, err = w.Write(body)
	return err
}

func (p apiKeyPage) appendJSON(b []byte) ([]byte, error) {
	b = append(b, `{"current_page":`...)
	b = p.appendNumber(b, p.current)
	b = append(b, `,"data":[`...)
	var err error
	for i, k := range p.keys {
		if i > 0 {
			b = append(b, ',')
		}
		if b, err = p.known.appendKey(b, k, p.appendKey); err != nil {
			return nil, err
		}
	}
	b = append(b, `],"first_id":`...)
	b = p.appendEnd(b, 0)
	b = append(b, `,"has_more":`...)
	b = strconv.AppendBool(b, p.hasMore)
	b = append(b, `,"last_id":`...)
	b = p.appendEnd(b, len(p.keys)-1)
	b = append(b, `,"total_pages":`...)
	b = p.appendNumber(b, p.total)
	return append(b, '}', '\n'), nil
}

func (p apiKeyPage) appendNumber(b []byte, n int) []byte {
	if !p.numbered {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, int64(n), 10)
}

func (p apiKeyPage) appendEnd(b []byte, i int) []byte {
	if len(p.keys) == 0 {
		return append(b, "null"...)
	}
	return appendUUID(b, p.keys[i].ID)
}

func (p apiKeyPage) appendKey(b []byte, k *project.Key) ([]byte, error) {
	b = append(b, `{"created_date":"`...)
	b = k.Created.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","creator_id":`...)
	b = appendUUID(b, k.CreatorID)
	b = append(b, `,"id":`...)
	b = appendUUID(b, k.ID)
	b = append(b, `,"last_four_digits":`...)
	b, err := appendString(b, k.LastFour)
	if err != nil {
		return nil, err
	}
	b = append(b, `,"name":`...)
	if b, err = appendString(b, k.Name); err != nil {
		return nil, err
	}
	b = append(b, `,"permissions":`...)
	if k.Restricted {
		b = append(b, '[')
		for i, permission := range k.Permissions {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, '"')
			b = append(b, permission...) // one of the enum: nothing to escape
			b = append(b, '"')
		}
		b = append(b, ']')
	} else {
		b = append(b, p.unrestricted...)
	}
	b = append(b, `,"restricted":`...)
	b = strconv.AppendBool(b, k.Restricted)
	return append(b, '}'), nil
}

// appendString leaves to encoding/json what may need escaping.
func appendString(b []byte, s string) ([]byte, error) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, err := json.Marshal(s)
			return append(b, quoted...), err
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"'), nil
}

func appendUUID(b []byte, id uuid.UUID) []byte {
	b = append(b, '"')
	for i, from := range [...]int{0, 4, 6, 8, 10} {
		if i > 0 {
			b = append(b, '-')
		}
		b = hex.AppendEncode(b, id[from:[...]int{4, 6, 8, 10, 16}[i]])
	}
	return append(b, '"')
}
