package seed

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// MaxSize is the size of the largest seed file, in bytes: 10 MB.
const MaxSize = 10_000_000

// File is a seed file as it was when it was read.
type File struct {
	Path     string // as given to [Load]
	Digest   string // SHA-256 of the content in hex: another digest is another content
	Projects []Project

	opts []Option // of Load, for Watch
}

// Load reads the seed file at path. The error says that the file cannot be read,
// that it has more than [MaxSize] bytes, or what [Parse] says of it; File has its
// path then, and its digest if it could be read, so that [File.Watch] can wait
// for a better content.
func Load(path string, opts ...Option) (File, error) {
	f := File{Path: path, opts: opts}
	in, err := os.Open(path) //nolint:gosec // reading the file that the user names is the purpose
	if err != nil {
		return f, fmt.Errorf("seed: %w; give the path of a readable YAML file", err)
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, MaxSize+1))
	switch {
	case err != nil:
		return f, fmt.Errorf("seed: %w; give the path of a YAML file", err)
	case len(data) > MaxSize:
		return f, tooLarge(path)
	}
	sum := sha256.Sum256(data)
	f.Digest = hex.EncodeToString(sum[:])
	f.Projects, err = Parse(path, data, opts...)
	return f, err
}

func tooLarge(name string) error {
	return fmt.Errorf("seed: %s has more than %d bytes; many like keys are written shorter with count", name, MaxSize)
}
