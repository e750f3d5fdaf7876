package contract

// Surely gives the fast path's answer for a response body; known is false
// when the schema is outside the fast path.
func Surely(v *Validator, o *Operation, status int, contentType, body string) (sure, known bool) {
	doc := o.plan.answer(status)
	_, i, _ := doc.find(contentType)
	s := doc.media[i].schema
	c := s.engines[len(s.engines)-1].at(s.pointer)
	return s.surely(body), c.fast != nil
}

// ByEngine judges a JSON response body by the engine alone.
func ByEngine(v *Validator, o *Operation, status int, contentType, body string) []Violation {
	doc := o.plan.answer(status)
	_, i, _ := doc.find(contentType)
	f := findings{side: SideResponse, operation: o.plan.name, status: status}
	v.askEngine(doc.media[i].schema, body, &f)
	return f.result()
}

// ProblemOfJSON gives what keeps a text from being judged.
func ProblemOfJSON(text string) Kind { return readJSON(text).problem }

// Collide gives all bodies the same hash.
func Collide(v *Validator) { v.memory.hash = func([]byte) uint64 { return 7 } }

// Remembered gives about how many bytes the memory takes.
func Remembered(v *Validator) (n int64) {
	v.memory.mu.RLock()
	defer v.memory.mu.RUnlock()
	for _, generation := range []map[verdictKey]verdict{v.memory.recent, v.memory.previous} {
		for _, verdict := range generation {
			n += verdict.size()
		}
	}
	return n
}
