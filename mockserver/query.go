package mockserver

import (
	"net/url"
	"slices"
	"strings"

	"github.com/digakit/digakit/contract"
)

// canonicalQuery leaves one value of each repeated parameter of the operation that
// is no array, the one that counts by the profile, and everything else as it was
// sent. The generated binder refuses repeated parameters, whatever their values.
//
// When the profile rejects repetition, it returns the violations instead.
func canonicalQuery(raw string, op *contract.Operation, rule RepeatedParameter) (string, []contract.Violation) {
	if strings.Count(raw, "&") == 0 {
		return raw, nil
	}
	pairs := strings.Split(raw, "&")
	if rule == RepeatedParameterLast {
		slices.Reverse(pairs)
	}
	kept := pairs[:0]
	seen := make(map[string]bool, len(op.Parameters))
	var repeated []contract.Violation
	for _, pair := range pairs {
		encoded, _, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(encoded)
		if err != nil || !declaresQuery(op, name) || repeats(op, name) {
			kept = append(kept, pair)
			continue
		}
		if !seen[name] {
			seen[name] = true
			kept = append(kept, pair)
			continue
		}
		repeated = append(repeated, contract.Violation{
			Side: contract.SideRequest, Kind: contract.KindRepeatedParameter, Operation: op.ID,
			In: "query", Name: name, Keyword: "repeated_parameter", Message: "must be given once",
		})
	}
	if rule == RepeatedParameterReject && len(repeated) > 0 {
		return raw, repeated
	}
	if rule == RepeatedParameterLast {
		slices.Reverse(kept)
	}
	return strings.Join(kept, "&"), nil
}

func declaresQuery(op *contract.Operation, name string) bool {
	return slices.ContainsFunc(op.Parameters, func(p contract.Parameter) bool { return p.In == "query" && p.Name == name })
}

func repeats(op *contract.Operation, name string) bool {
	return slices.ContainsFunc(op.Parameters, func(p contract.Parameter) bool { return p.Repeats && p.Name == name })
}
