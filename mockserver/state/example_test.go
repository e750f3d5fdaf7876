package state_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/digakit/digakit/mockserver/project"
	"github.com/digakit/digakit/mockserver/state"
)

// A server's life, twice: the second finds what the first left.
func ExampleKeep() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "state.json")
	for range 2 {
		if err := serve(path); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// a fresh world, now with 61 keys
	// the old world, now with 62 keys
}

func serve(path string) error {
	st, found, err := state.Load(path)
	if err != nil {
		return err // never begin anew by accident
	}
	store, world := project.NewStore(project.Config{}), "the old world"
	if found {
		err = store.Replace(nil, st.Projects)
	} else {
		world = "a fresh world"
		_, err = store.AddDemo(project.DemoKeys)
	}
	if err != nil {
		return err
	}
	keeper, err := state.Keep(context.Background(), store, path)
	if err != nil {
		return err
	}
	demo, _ := store.Project("demo")
	if _, _, err := demo.CreateKey(project.KeySpec{Name: "New"}); err != nil {
		return err
	}
	fmt.Printf("%s, now with %d keys\n", world, demo.Len())
	return keeper.Close()
}
