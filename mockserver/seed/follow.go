package seed

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"os"
	"path/filepath"
	"time"
)

const (
	// every is how often a file is looked at. Systems that tell of changes tell nothing of
	// what others write on network and container mounts.
	every = 100 * time.Millisecond
	// A content is believed when it has been there for two looks, an error, as of a file half
	// written, for as many: editors and copies write in several steps.
	believed      = 2
	believedError = 6
)

// Look is what was seen of a file.
type Look struct {
	Content string // stands for what it has, or for why it cannot be read
	Failed  bool   // it is not as it should be
}

// Follow looks at the regular file at a path, whatever way it is replaced, also by exchanging
// a symbolic link to it, and tells of news: of another content than the one known, or than
// that told before. Look reads the file; what it returns tells of that. It blocks until ctx
// ends and then returns nil; an error when there is no such file to follow, when another
// thing than a file or a directory takes its place, or when its directory has been removed.
func Follow(ctx context.Context, path, known string, look func() (Look, func())) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return err
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	var before uint64 // sum of what the file had at the last look: length and time do not tell of all changes
	var last Look
	for seen := 0; ; {
		now, missing := os.Stat(path)
		if now != nil && !now.Mode().IsRegular() && (seen == 0 || !now.IsDir()) {
			return errors.New("it is not a regular file") // reading a pipe could wait for ever
		}
		sum := sumOf(path)
		if seen == 0 || last.Content != known || sum != before {
			content, tell := look()
			if content != last {
				last, seen = content, 0
			}
			seen++
			if content.Content != known && (seen >= believedError || seen >= believed && !content.Failed) {
				known = content.Content
				tell()
			}
		}
		before = sum
		if missing != nil && last.Content == known {
			if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, os.ErrNotExist) {
				return errors.New("its directory has been removed")
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

var sumSeed = maphash.MakeSeed()

// sumOf stands for the content of a file; 0: it cannot be read.
func sumOf(path string) uint64 {
	f, err := os.Open(path) //nolint:gosec // the file that the user names
	if err != nil {
		return 0
	}
	defer f.Close()
	var h maphash.Hash
	h.SetSeed(sumSeed)
	if _, err := io.Copy(&h, f); err != nil {
		return 0
	}
	return h.Sum64()
}
