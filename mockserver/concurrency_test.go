package mockserver_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/digakit/digakit/client"
	"github.com/digakit/digakit/mockserver"
	"github.com/digakit/digakit/mockserver/diga"
	"github.com/digakit/digakit/mockserver/store"
)

// 1,000 clients walk, forwards and backwards, while keys are created and deleted:
// no walk meets a key twice, and none misses one that was there throughout.
func TestWalksHoldWhileKeysComeAndGo(t *testing.T) {
	t.Parallel()
	const readers, changes = 1000, 200
	// A cursor's key may be deleted under way; the walk shall go on.
	srv, err := mockserver.New(mockserver.WithProfile(mockserver.Profile{DeletedCursor: mockserver.DeletedCursorResume}))
	if err != nil {
		t.Fatal(err)
	}
	api, err := client.New("http://mock.test", mockserver.ReadOnlyKey, client.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	if err != nil {
		t.Fatal(err)
	}
	var stable []uuid.UUID
	for k, err := range api.APIKeys(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		stable = append(stable, k.ID)
	}
	if len(stable) != diga.DemoKeys {
		t.Fatalf("the walk visits %d keys, want %d", len(stable), diga.DemoKeys)
	}

	demo := demoOf(t, srv)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range changes {
			k, _, err := demo.CreateKey(store.KeySpec{Name: fmt.Sprint(i)})
			if err != nil {
				t.Error(err)
				return
			}
			if i%2 == 0 {
				if err := demo.DeleteKey(k.ID); err != nil {
					t.Error(err)
				}
			}
		}
	})
	for i := range readers {
		wg.Go(func() {
			walk := []client.ListOption{client.PageSize(17)}
			if i%2 == 1 {
				walk = append(walk, client.FromEnd())
			}
			seen := map[uuid.UUID]bool{}
			for k, err := range api.APIKeys(t.Context(), walk...) {
				if err != nil {
					t.Error(err)
					return
				}
				if seen[k.ID] {
					t.Errorf("key %s came twice", k.ID)
				}
				seen[k.ID] = true
			}
			for _, id := range stable {
				if !seen[id] {
					t.Errorf("key %s, there throughout, was missed", id)
				}
			}
		})
	}
	wg.Wait()
	if n := srv.BadResponses(); n > 0 {
		t.Errorf("%d answers broke the contract", n)
	}
}
