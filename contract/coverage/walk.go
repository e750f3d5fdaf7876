package coverage

import (
	"bytes"
	"encoding/json"
	"strings"
)

// walk reads one JSON text and marks what it holds. It looks only into what has
// something left to cover, and skips the rest without building anything. The text
// was judged already: of one that is no JSON it marks what it can tell, and stops.
type walk struct {
	tree   *tree
	counts *held
	text   []byte
}

func (w *walk) document() { w.value(w.tree.root, w.space(0)) }

// mark notes that what a counter of n counts was there.
func (w *walk) mark(n *node, counter int) {
	if counter < 0 || w.counts.at[counter].Load() != 0 || !w.counts.at[counter].CompareAndSwap(0, 1) {
		return
	}
	for id := n.id; id >= 0; id = w.tree.parents[id] {
		w.counts.left[id].Add(-1)
	}
}

// markValue notes that a value of n was there.
func (w *walk) markValue(n *node, key string) {
	if index, ok := n.byValue[key]; ok && index < n.counted {
		w.mark(n, n.first+index)
	}
}

// value reads the value at i and returns where it ends; beyond the text when it
// does not.
func (w *walk) value(n *node, i int) int {
	if i >= len(w.text) || n == nil || w.counts.left[n.id].Load() == 0 {
		return w.skip(i)
	}
	switch w.text[i] {
	case '{':
		if n.children == nil && n.rest == nil {
			return w.skip(i)
		}
		return w.object(n, i)
	case '[':
		if n.items == nil {
			return w.skip(i)
		}
		return w.array(n, i)
	case '"':
		end := w.stringEnd(i)
		if n.byValue != nil && end <= len(w.text) {
			w.markValue(n, string(w.content(i, end)))
		}
		return end
	}
	end := w.plainEnd(i)
	if n.byValue != nil {
		key := string(w.text[i:end])
		if strings.IndexByte("tfn", w.text[i]) < 0 {
			key = canonical(key)
		}
		w.markValue(n, key)
	}
	return end
}

func (w *walk) array(n *node, i int) int {
	i = w.space(i + 1)
	for i < len(w.text) && w.text[i] != ']' {
		i = w.space(w.value(n.items, i))
		if i < len(w.text) && w.text[i] == ',' {
			i = w.space(i + 1)
		} else if i < len(w.text) && w.text[i] != ']' {
			return len(w.text) + 1
		}
	}
	return i + 1
}

func (w *walk) object(n *node, i int) int {
	i = w.space(i + 1)
	for i < len(w.text) && w.text[i] != '}' {
		if w.text[i] != '"' {
			return len(w.text) + 1
		}
		end := w.stringEnd(i)
		colon := w.space(end)
		if colon >= len(w.text) || w.text[colon] != ':' {
			return len(w.text) + 1
		}
		child := n.rest
		if at, ok := n.byName[string(w.content(i, end)[1:])]; ok && at < len(n.children) {
			child = n.children[at]
		}
		if child != nil {
			w.mark(child, child.present)
		}
		i = w.space(w.value(child, w.space(colon+1)))
		if i < len(w.text) && w.text[i] == ',' {
			i = w.space(i + 1)
		} else if i < len(w.text) && w.text[i] != '}' {
			return len(w.text) + 1
		}
	}
	return i + 1
}

func (w *walk) space(i int) int {
	for i < len(w.text) && (w.text[i] == ' ' || w.text[i] == '\n' || w.text[i] == '\t' || w.text[i] == '\r') {
		i++
	}
	return i
}

// plainEnd returns where a number or a word ends.
func (w *walk) plainEnd(i int) int {
	for ; i < len(w.text); i++ {
		switch w.text[i] {
		case ',', ']', '}', ' ', '\n', '\t', '\r', '"', '[', '{', ':':
			return i
		}
	}
	return i
}

// stringEnd returns where the string at i ends; beyond the text when it does not.
func (w *walk) stringEnd(i int) int {
	start := i + 1
	for {
		length := bytes.IndexByte(w.text[i+1:], '"')
		if length < 0 {
			return len(w.text) + 1
		}
		i += 1 + length
		escapes := 0
		for i-escapes > start && w.text[i-escapes-1] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}

// content is the quote at from, and the string from there to the quote before end.
func (w *walk) content(from, end int) []byte {
	if bytes.IndexByte(w.text[from:end], '\\') < 0 {
		return w.text[from : end-1]
	}
	text := ""
	_ = json.Unmarshal(w.text[from:end], &text) // what is no string is taken for an empty one
	return []byte(`"` + text)
}

// skip returns where the value at i ends, without looking at it.
func (w *walk) skip(i int) int {
	for depth := 0; i < len(w.text); {
		switch w.text[i] {
		case '"':
			i = w.stringEnd(i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\n', '\t', '\r':
			i++
		default:
			i = w.plainEnd(i)
		}
		if depth <= 0 {
			return i
		}
	}
	return len(w.text) + 1
}
