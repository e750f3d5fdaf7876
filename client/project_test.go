package client_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"github.com/digakit/digakit/gen"
)

// project is a tiny Diga: keys in the order asc, served with cursors as the
// behaviour table understands them.
type project struct {
	keys     []gen.APIKey
	requests []string // not for concurrent use
}

func newProject(n int) *project {
	p := &project{}
	for i := range n {
		p.keys = append(p.keys, gen.APIKey{
			ID:             keyID(i),
			Name:           fmt.Sprintf("key %d", i),
			CreatedDate:    time.Date(2025, 1, 1, 0, 0, i, 0, time.UTC),
			LastFourDigits: fmt.Sprintf("%04d", i%10000),
			CreatorID:      uuid.UUID{0xc0},
		})
	}
	return p
}

func keyID(i int) uuid.UUID { return uuid.UUID{0xaa, byte(i >> 16), byte(i >> 8), byte(i)} }

func (p *project) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.requests = append(p.requests, r.URL.RawQuery)
	query := r.URL.Query()
	list := slices.Clone(p.keys)
	if query.Get("order") != "asc" {
		slices.Reverse(list)
	}
	limit := 50
	if s := query.Get("limit"); s != "" {
		limit, _ = strconv.Atoi(s)
	}
	if limit < 1 || limit > 1000 {
		refuse(w, http.StatusUnprocessableEntity, "INVALID_PAGINATION_PARAMETERS", "limit must be from 1 to 1000")
		return
	}
	at := func(id string) int {
		return slices.IndexFunc(list, func(k gen.APIKey) bool { return k.ID.String() == id })
	}
	from, to, hasMore := 0, min(limit, len(list)), len(list) > limit
	if id := query.Get("after"); id != "" {
		from = at(id) + 1
		to = min(from+limit, len(list))
		hasMore = to < len(list)
	}
	if id := query.Get("before"); id != "" {
		to = at(id)
		from = max(to-limit, 0)
		hasMore = from > 0
	}
	writePage(w, list[from:to], hasMore)
}

func writePage(w http.ResponseWriter, data []gen.APIKey, hasMore bool) {
	page := gen.APIKeyPage{Data: data, HasMore: hasMore}
	page.FirstID.SetNull()
	page.LastID.SetNull()
	if len(data) > 0 {
		page.FirstID = nullable.NewNullableWithValue(data[0].ID)
		page.LastID = nullable.NewNullableWithValue(data[len(data)-1].ID)
	} else {
		page.Data = []gen.APIKey{}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(page)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error_code": code, "message": message})
}
