package journal_test

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// sse is one dispatched event, or a comment.
type sse struct{ id, event, data, comment string }

// sseReader is what WHATWG HTML, section 9.2.6, says of reading a stream, for
// streams with line feeds.
type sseReader struct {
	lines *bufio.Reader
	id    string
}

func readSSE(r io.Reader) *sseReader { return &sseReader{lines: bufio.NewReader(r)} }

func (r *sseReader) next() (sse, error) {
	e := sse{}
	var data []string
	for {
		line, err := r.lines.ReadString('\n')
		if err != nil {
			return sse{}, err // what is not complete is discarded
		}
		line = strings.TrimSuffix(line, "\n")
		field, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case line == "":
			if len(data) == 0 {
				if e.comment != "" {
					return e, nil
				}
				continue
			}
			e.id, e.data = r.id, strings.Join(data, "\n")
			return e, nil
		case field == "":
			e.comment = value
		case field == "data":
			data = append(data, value)
		case field == "event":
			e.event = value
		case field == "id":
			r.id = value
		default:
			return sse{}, fmt.Errorf("field %q is not one this stream should have", field)
		}
	}
}
