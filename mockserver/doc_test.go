package mockserver_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"
	"testing"

	"github.com/digakit/digakit/mockserver"
)

// `go doc` shows no methods of an alias, so its comment has them: all, and no others.
func TestTheCommentOfProjectHasItsMethods(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "server.go", nil, parser.ParseComments)
	try(t, err)
	documented := map[string]bool{}
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Doc != nil && strings.HasPrefix(g.Doc.Text(), "Project ") {
			for line := range strings.Lines(g.Doc.Text()) {
				if name, _, ok := strings.Cut(line, "("); ok && strings.HasPrefix(line, "\t") {
					documented[strings.TrimSpace(name)] = true
				}
			}
		}
	}
	have := reflect.TypeFor[*mockserver.Project]()
	for i := range have.NumMethod() {
		if name := have.Method(i).Name; !documented[name] {
			t.Errorf("%s is not in the comment", name)
		}
	}
	if len(documented) != have.NumMethod() {
		t.Errorf("the comment has %d methods, the type %d", len(documented), have.NumMethod())
	}
}
