package mockserver_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/oapi-codegen/nullable"
	"pgregory.net/rapid"

	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/project"
)

// The hand-written rendering gives the bytes that marshalling the generated
// model gives, for any name and any permissions.
func TestRenderingIsThatOfTheGeneratedModel(t *testing.T) {
	t.Parallel()
	appendKeys := mockserver.Renderer() // one for all: demo keys of all runs share their ids
	rapid.Check(t, func(t *rapid.T) {
		p := demo(t, rapid.IntRange(0, 40).Draw(t, "keys"))
		for _, name := range rapid.SliceOf(rapid.StringN(1, 255, -1)).Draw(t, "names") {
			if _, _, err := p.CreateKey(project.KeySpec{Name: name}); err != nil {
				t.Fatal(err)
			}
		}
		page, err := p.Page(project.PageQuery{Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		want, err := json.Marshal(modelOf(page))
		if err != nil {
			t.Fatal(err)
		}
		got, err := appendKeys(nil, page.Keys)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(bytes.TrimSuffix(got, []byte("\n")))); diff != "" {
			t.Errorf("rendering (-model +ours):\n%s", diff)
		}
	})
}

func demo(t interface{ Fatal(...any) }, n int) *project.Project {
	p, err := project.NewStore(project.Config{}).AddDemo(n)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func modelOf(page project.Page) keyPage {
	m := keyPage{Data: []gen.APIKey{}}
	m.FirstID.SetNull()
	m.LastID.SetNull()
	m.CurrentPage.SetNull()
	m.TotalPages.SetNull()
	for _, k := range page.Keys {
		shown := gen.APIKey{
			ID: k.ID, Name: k.Name, CreatedDate: k.Created, CreatorID: k.CreatorID, LastFourDigits: k.LastFour,
			Restricted: k.Restricted, Permissions: nullable.NewNullNullable[[]gen.Permission](),
		}
		if k.Restricted {
			shown.Permissions.Set(k.Permissions)
		}
		m.Data = append(m.Data, shown)
	}
	if n := len(m.Data); n > 0 {
		m.FirstID.Set(m.Data[0].ID)
		m.LastID.Set(m.Data[n-1].ID)
	}
	return m
}

func BenchmarkRendering(b *testing.B) {
	page, err := demo(b, 60).Page(project.PageQuery{Limit: 50})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		appendKeys := mockserver.Renderer()
		var body []byte
		for b.Loop() {
			if body, err = appendKeys(body[:0], page.Keys); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("model", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(modelOf(page)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
