package suite

import (
	"net/http"
	"reflect"
	"testing"

	"github.com/digakit/digakit/contract/suite/internal/session"
)

// TestTargetIsPassedOnWhole: a field that is not passed on would be ignored in silence.
func TestTargetIsPassedOnWhole(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[Target]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		var given Target
		field := reflect.ValueOf(&given).Elem().Field(i)
		switch field.Kind() {
		case reflect.Func:
			field.Set(reflect.MakeFunc(field.Type(), func([]reflect.Value) []reflect.Value { return nil }))
		case reflect.Interface:
			if name == "Lab" {
				field.Set(reflect.ValueOf(struct{ Lab }{}))
			} else {
				field.Set(reflect.ValueOf(http.DefaultTransport))
			}
		case reflect.Map:
			field.Set(reflect.MakeMap(field.Type()))
		case reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		case reflect.Pointer:
			field.Set(reflect.New(field.Type().Elem()))
		case reflect.String:
			field.SetString("given")
		case reflect.Bool:
			field.SetBool(true)
		case reflect.Float64:
			field.SetFloat(1)
		default:
			field.SetInt(1)
		}
		if passed := reflect.ValueOf(given.session()).FieldByName(name); !passed.IsValid() || passed.IsZero() {
			t.Errorf("%s is not passed on", name)
		}
	}
	if all := reflect.TypeFor[session.Target](); all.NumField() != fields.NumField() {
		t.Errorf("%d fields become %d", fields.NumField(), all.NumField())
	}
}
