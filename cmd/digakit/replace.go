package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile makes data the content of the file at path in one step: readers
// see the old content or the new, never half of it. The permissions of an
// existing file stay; a link stays one.
func replaceFile(path string, data []byte) (err error) {
	if end, err := filepath.EvalSymlinks(path); err == nil {
		path = end
	}
	old, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case !old.Mode().IsRegular():
		return errors.New("it is no regular file; name one")
	}
	// In the same folder, or Rename would have to copy. Not os.CreateTemp: its
	// files are for the owner alone, and what the umask allows is not to be asked.
	name := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d.tmp", filepath.Base(path), os.Getpid()))
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // G302: the umask decides, as for any document
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close() // twice does no harm
			_ = os.Remove(name)
		}
	}()
	if old != nil {
		if err := f.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil { // or a crash could leave an empty file under the name
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(name, path)
}
