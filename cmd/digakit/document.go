package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/spec"
	"github.com/digakit/digakit/gen"
	"github.com/digakit/digakit/mockserver"
)

// embedded is what reports call the document this binary was made from.
const embedded = "openapi.json (embedded)"

// builtIn is that document; tests put another in its place.
var builtIn = gen.OpenAPI

// specFlag is the flag --spec of the commands that work with a document.
type specFlag struct{ source string }

func (f *specFlag) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.source, "spec", "", "OpenAPI `document`: a file, an address, REV:path in git, or - for stdin; the one this binary was made from when left out")
}

// name is what reports call the document.
func (f *specFlag) name() string {
	if f.source == "" {
		return embedded
	}
	return f.source
}

// document reads the document and says in one line what is questionable in it; of the
// embedded one nothing.
func (f *specFlag) document(cmd *cobra.Command) (*spec.Document, error) {
	document, warnings, err := f.read(cmd)
	switch len(warnings) {
	case 0:
	case 1:
		fmt.Fprintln(cmd.ErrOrStderr(), "warning: "+warnings[0].String())
	default:
		fmt.Fprintf(cmd.ErrOrStderr(), "%d warnings about %s; `digakit spec plan %[2]s` shows them\n", len(warnings), f.source)
	}
	return document, err
}

// validator is document with what judges by it.
func (f *specFlag) validator(cmd *cobra.Command) (*spec.Document, *contract.Validator, error) {
	document, err := f.document(cmd)
	if err != nil {
		return nil, nil, err
	}
	v, err := contract.For(document)
	return document, v, err
}

// read is document with its warnings, those that say the same as one.
func (f *specFlag) read(cmd *cobra.Command) (*spec.Document, []spec.Warning, error) {
	if f.source == "" {
		document, err := spec.Parse(builtIn())
		return document, nil, err
	}
	loaded, err := loadSpec(cmd, f.source, func(line string) { fmt.Fprintln(cmd.ErrOrStderr(), line) })
	if err != nil {
		return nil, nil, err
	}
	return loaded.Document, spec.Grouped(loaded.Document.Warnings()), nil
}

// loadSpec reads a document from where source says. Its examples are not judged.
func loadSpec(cmd *cobra.Command, source string, say func(string)) (*spec.Loaded, error) {
	return spec.Load(cmd.Context(), []string{source}, spec.SkipWarnings(), spec.Stdin(cmd.InOrStdin()), spec.Progress(say),
		spec.Open(func(name string) (io.ReadCloser, error) { return openSource(cmd.Context(), name) }))
}

// readFlagged reads the file that a flag names.
func readFlagged(flag, path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	return data, unreadable(flag, err)
}

// fromFile is what the file that a flag names says; with its text, nothing where the flag
// is left out.
func fromFile[T any](flag, path string, parse func(path string, text []byte) (T, error)) (v T, text []byte, err error) {
	if path == "" {
		return v, nil, nil
	}
	if text, err = readFlagged(flag, path); err != nil {
		return v, nil, err
	}
	v, err = parse(path, text)
	return v, text, err
}

// unreadable says of the error of a file that a flag names what to do about it.
func unreadable(flag string, err error) error {
	if err == nil {
		return nil
	}
	return usagef("--%s: %v; give the path of a file that is there and can be read", flag, err)
}

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

// readProfile reads the profile at path, and the lines that are there.
func readProfile(path string) (mockserver.Profile, map[string]string, error) {
	profile, text, err := fromFile("profile", path, mockserver.ParseProfile)
	lines := map[string]string{}
	if err == nil {
		for _, line := range spec.ReadSettings(path, text, "").All() {
			lines[line.Key], _ = line.Text()
		}
	}
	return profile, lines, err
}
