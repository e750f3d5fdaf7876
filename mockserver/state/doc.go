// Package state keeps the world of a mock in a file, so that it survives a
// restart: projects, members, keys, and where deleted keys stood. The file is
// JSON and holds digests of secrets, never secrets.
//
//	st, found, err := state.Load(path)
//	…
//	if found {
//		err = store.Replace(nil, st.Projects)
//	}
//	…
//	keeper, err := state.Keep(ctx, store, path)
//	…
//	defer keeper.Close()
//
// One server at a time may keep a file: of two, the last to save wins.
package state
