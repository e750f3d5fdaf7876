package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// openSource opens a file, or what git has under REV:path, such as
// HEAD~1:openapi.json. A file of that very name comes first.
func openSource(ctx context.Context, source string) (io.ReadCloser, error) {
	f, err := os.Open(source)
	revision, path, found := strings.Cut(source, ":")
	if err == nil || !found || revision == "" || path == "" || filepath.VolumeName(source) != "" {
		return f, err
	}
	data, err := readRevision(ctx, revision, path)
	return io.NopCloser(bytes.NewReader(data)), err
}

// readRevision returns the file that stood at path, counted from the top of the
// repository or beginning with ./ from here, in a revision.
func readRevision(ctx context.Context, revision, path string) ([]byte, error) {
	object := revision + ":" + path
	fail := func(message, remedy string, cause error) ([]byte, error) {
		return nil, &spec.Error{Position: spec.Position{Source: object}, Message: message, HowToFix: remedy, Err: cause}
	}
	if strings.HasPrefix(revision, "-") {
		return fail("no file, and no revision of git begins with -", "write it as HEAD~1:openapi.json, or name a file", nil)
	}
	if said, err := git(ctx, "rev-parse", "--git-dir"); errors.Is(err, exec.ErrNotFound) {
		return fail("no file, and git, which reads REV:path, is not installed", "install git, or name a file", err)
	} else if err != nil {
		return fail("no file, and this is not a git repository: "+string(said), "run it inside of the repository, or name a file", err)
	}
	if _, err := git(ctx, "rev-parse", "--verify", "--quiet", revision+"^{commit}"); err != nil {
		return fail("no file, and git knows no revision "+revision,
			"`git log --oneline` lists them; a shallow clone has few, and `git fetch --unshallow` brings the rest", err)
	}
	content, err := git(ctx, "cat-file", "blob", object)
	if err != nil {
		return fail("revision "+revision+" has no file "+path,
			"`git ls-tree -r --name-only "+revision+"` lists its files; a path counts from the top of the repository, and from here when it begins with ./", err)
	}
	return content, nil
}

// git runs git and returns what it writes, or what it says when it fails.
func git(ctx context.Context, args ...string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, "git", args...).Output() // no argument is an option
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		line, _, _ := strings.Cut(string(bytes.TrimSpace(failed.Stderr)), "\n")
		return []byte(cmp.Or(line, failed.Error())), cmp.Or(ctx.Err(), err)
	}
	return out, err
}
