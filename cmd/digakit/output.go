package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// outputFile is a file that a command writes in one step: its readers see the
// old content or the new one, never a part. What is no regular file, such as
// /dev/stdout or a pipe, is written as it stands.
type outputFile struct {
	*os.File
	path string // empty: File is written as it stands
}

// createOutput begins the file at path. Call commit or abort.
func createOutput(path string) (*outputFile, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a directory", path)
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return &outputFile{File: f}, err
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if end, err := filepath.EvalSymlinks(path); err == nil {
		path = end
	}
	dir, name := filepath.Split(path)
	// In the same directory, so that the rename does not cross file systems. Not
	// os.CreateTemp, whose files only their owner can read.
	f, err := os.OpenFile(filepath.Join(dir, "."+name+"."+strconv.FormatUint(rand.Uint64(), 36)+".tmp"), //nolint:gosec // a name that is free, not a secret
		os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) // less the umask, as for any file that a command makes
	if err != nil {
		return nil, fmt.Errorf("%s cannot be written: %w", path, err)
	}
	out := &outputFile{f, path}
	if info != nil {
		if err := f.Chmod(info.Mode().Perm()); err != nil {
			out.abort()
			return nil, err
		}
	}
	return out, nil
}

// commit makes what was written the content of the file.
func (f *outputFile) commit() error {
	if f.path == "" {
		return f.Close()
	}
	// Synced, or a crash could leave an empty file under the name.
	err := errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), f.path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the error is that of the first
	}
	return err
}

// abort leaves the file as it was.
func (f *outputFile) abort() {
	_ = f.Close()
	if f.path != "" {
		_ = os.Remove(f.Name())
	}
}

// canWrite tells why the file at path could not be written, and leaves it as it
// is. A pipe is not tried: its reader would take that for the end.
func canWrite(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil
	}
	f, err := createOutput(path)
	if err != nil {
		return err
	}
	f.abort()
	return nil
}
