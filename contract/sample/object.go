package sample

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/digakit/digakit/contract/spec"
)

// object makes an object with all its properties; those that are optional are left
// out where the value contains itself.
func (w *work) object(s *spec.Schema, path string) (any, error) {
	made := map[string]any{}
	for _, p := range s.Properties() {
		required := p.Required || slices.Contains(s.Required, p.Name)
		if w.hidden(p.Schema) || !required && (p.Schema.Never || w.omits(p.Schema)) {
			continue
		}
		v, err := w.value(p.Schema, path+"/"+p.Name, p.Name)
		switch {
		case err == nil:
			made[p.Name] = v
		case required:
			return nil, err
		}
	}
	for _, name := range s.Required {
		if _, there := made[name]; there || s.Property(name) != nil && w.hidden(s.Property(name)) {
			continue
		}
		v, err := w.value(s.Additional(), path+"/"+name, name)
		if err != nil {
			return nil, err
		}
		made[name] = v
	}
	for i := 0; len(made) < w.least(s, made); i++ {
		if i > s.MinProperties+1 {
			return nil, impossible(s, "it wants more properties than may be made up")
		}
		name := "entry_" + strconv.Itoa(i+1)
		v, err := w.value(s.Additional(), path+"/"+name, singular(path[strings.LastIndexByte(path, '/')+1:]))
		if err != nil {
			return nil, err
		}
		made[name] = v
	}
	for _, p := range slices.Backward(s.Properties()) { // optional ones go until there are few enough
		if s.MaxProperties >= 0 && len(made) > s.MaxProperties && !p.Required {
			delete(made, p.Name)
		}
	}
	return made, nil
}

// hidden tells whether a property is not sent this way.
func (w *work) hidden(s *spec.Schema) bool {
	if w.place.Request {
		return s.ReadOnly
	}
	return s.WriteOnly
}

// omits tells whether an optional property is left out. One whose discriminating
// value tells branches apart is not.
func (w *work) omits(s *spec.Schema) bool {
	if len(s.Enum) == 1 {
		return false
	}
	return w.place.Least || w.sparse() || w.cut(s) && !s.Nullable
}

// least is how many properties an object is to have: one of a map.
func (w *work) least(s *spec.Schema, made map[string]any) int {
	if rest := s.Additional(); len(made) == 0 && rest != nil && !rest.Never && !w.cut(rest) && !w.sparse() && !w.place.Least && s.MaxProperties != 0 {
		return max(s.MinProperties, 1)
	}
	return s.MinProperties
}

// array makes one to three items, as far as that is allowed and they differ.
func (w *work) array(s *spec.Schema, path, name string) (any, error) {
	made := []any{}
	most := s.MaxItems
	if most < 0 {
		most = int(^uint(0) >> 1)
	}
	for i, item := range s.PrefixItems() {
		if i >= most {
			return made, nil
		}
		v, err := w.value(item, path+"/"+strconv.Itoa(i), singular(name))
		if err != nil {
			return nil, err
		}
		made = append(made, v)
	}
	items := s.Items()
	wanted := 1 + w.turn(path+"#", 3)
	if items == nil && len(made) > 0 || items != nil && items.Never || items != nil && w.cut(items) || w.sparse() {
		wanted = 0
	}
	contained, least := s.Contains()
	least += len(made)
	wanted = min(max(wanted, s.MinItems, least), most)
	tries := wanted + 8
	if s.UniqueItems {
		tries = wanted + 64
	}
	for i := 0; len(made) < wanted && i < tries; i++ {
		of := items
		if len(made) < least {
			of = contained
		}
		v, err := w.value(of, path+"/"+strconv.Itoa(i), singular(name))
		if err != nil {
			if len(made) >= s.MinItems {
				return made, nil
			}
			return nil, err
		}
		again := slices.ContainsFunc(made, func(other any) bool { return reflect.DeepEqual(other, v) })
		if again && (s.UniqueItems || len(made) >= max(s.MinItems, least)) { // twice the same looks made up
			continue
		}
		made = append(made, v)
	}
	if len(made) < s.MinItems {
		return nil, impossible(s, "it wants more items than differ")
	}
	return made, nil
}
