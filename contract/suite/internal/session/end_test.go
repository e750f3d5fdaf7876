package session

import (
	"errors"
	"strings"
	"testing"

	"github.com/digakit/digakit/contract"
	"github.com/digakit/digakit/contract/suite/internal/call"
)

var errGone = errors.New("the target is gone")

func TestEnded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		run  func()
		want error
	}{
		{"to its last line", func() { End(nil) }, nil},
		{"with an error", func() { End(errGone) }, errGone},
		{"with a reason", func() { Cannot("no item") }, CannotError("no item")},
		{"while it ends already", func() {
			defer func() { _ = Ended(func() { Cannot("no item") }) }()
			End(errGone)
		}, errGone},
		{"with what ended it last", func() {
			defer End(errGone)
			Cannot("no item")
		}, errGone},
	} {
		if got := Ended(tc.run); !errors.Is(got, tc.want) {
			t.Errorf("%s: ended with %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestTryTakesUpWhatCannotBeTriedAndNothingElse(t *testing.T) {
	t.Parallel()
	if got := Try(func() { Cannot("no item") }); got != "no item" {
		t.Errorf("the reason is %q", got)
	}
	o := &contract.Operation{ID: "listKeys"}
	slow := &Session{trouble: map[*contract.Operation]int{o: maxTrouble, nil: maxTrouble}}
	for want, o := range map[string]*contract.Operation{"listKeys": o, "what has no operation": nil} { // other operations may do
		if got := Try(func() { slow.Send(t.Context(), o, call.Call{}) }); !strings.Contains(got, want+" take too long") {
			t.Errorf("the reason is %q", got)
		}
	}
	if got := Try(func() {}); got != "" {
		t.Errorf("it was done, and the reason is %q", got)
	}
	for _, err := range []error{errGone, errThrottled} {
		if got := Ended(func() { Try(func() { End(err) }) }); !errors.Is(got, err) {
			t.Errorf("ended with %v, want %v", got, err)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a panic of another kind was taken up")
		}
	}()
	Try(func() { panic("a mistake") })
}
