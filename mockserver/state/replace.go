package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// replace makes data the content of the file at path, in one step.
//
// This is our own code because google/renameio, which does it best, is not built
// on Windows, and natefinch/atomic, which is, keeps the old file's mode, never
// syncs the directory and hides the causes of its errors. os.Rename replaces an
// existing file on all three platforms (on Windows by MoveFileEx with
// MOVEFILE_REPLACE_EXISTING), and os.CreateTemp makes files of mode 0600.
func replace(path string, data []byte) (err error) {
	if end, err := filepath.EvalSymlinks(path); err == nil {
		path = end
	}
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	f, err := os.CreateTemp(dir, "."+name+".*.tmp") // the same file system, or Rename would copy
	if err != nil {
		return fmt.Errorf("%w; the directory must be writable", err)
	}
	defer func() {
		if err != nil {
			_ = f.Close() // twice does no harm
			_ = os.Remove(f.Name())
		}
	}()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil { // or a crash could leave an empty file under the new name
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		if errors.Is(err, syscall.EBUSY) {
			return fmt.Errorf("%w; a file that is mounted by itself cannot be replaced: mount its directory", err)
		}
		return err
	}
	syncDir(dir)
	return nil
}

// syncDir makes the rename last through a loss of power where that is possible.
// Windows and some file systems refuse; the file is whole all the same.
func syncDir(dir string) {
	d, err := os.Open(dir) //nolint:gosec // the directory of the file that the user names
	if err != nil {
		return
	}
	defer d.Close()
	_ = d.Sync()
}
