//go:build unix

package server

import (
	"errors"
	"os"
	"syscall"
)

// openAlone opens a file, made if it is not there, which no other process can open so
// until it is closed. The error is errTaken, or that of the file.
func openAlone(path string) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the file that the user names
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			_ = f.Close() // nothing was written
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, errTaken
			}
			return nil, err
		}
		// Whoever had it may have removed it before it was ours.
		now, err := os.Stat(path)
		ours, failed := f.Stat()
		if err == nil && failed == nil && os.SameFile(now, ours) {
			return f, nil
		}
		_ = f.Close()
	}
}
