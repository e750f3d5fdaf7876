package seed

import (
	"context"
	"errors"
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
	// young is for how long the time of a change may be that of the next one, too.
	young = time.Second
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
	var stat os.FileInfo // of the last look; nil: the file was missing
	var last Look
	for seen := 0; ; {
		now, missing := os.Stat(path)
		if now != nil && !now.Mode().IsRegular() && (seen == 0 || !now.IsDir()) {
			return errors.New("it is not a regular file") // reading a pipe could wait for ever
		}
		if seen == 0 || last.Content != known || !same(stat, now) || now != nil && time.Since(now.ModTime()) < young {
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
		stat = now
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

// same tells whether two files are one that nobody has written, as far as length and time tell.
func same(a, b os.FileInfo) bool {
	if a == nil || b == nil {
		return a == b
	}
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}
