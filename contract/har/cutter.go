package har

import "io"

// maxText is how much text of one entry is read: two bodies of the largest size
// that is judged, as base64, and a megabyte for what else there is.
func maxText(maxBody int64) int64 { return 2*(maxBody*4/3) + 1_000_000 }

// entryDepth is how many objects and arrays stand around an entry: the archive,
// log and entries.
const entryDepth = 3

// cutter reads JSON whose strings end when those of one entry have come to limit
// bytes, so that the reader's memory is bounded whatever an entry holds.
type cutter struct {
	reader io.Reader
	limit  int64 // in bytes, an escape as one
	text   int64 // of this entry so far
	depth  int
	open   bool // inside of a string
	escape int  // bytes that the escape begun still has; -1: its letter
	out    int64
	// cutting says that the last of cuts is this entry's.
	cutting bool
	cuts    []cut
}

// cut is how many bytes of an entry were left out, from an offset of what is read on.
type cut struct{ at, bytes int64 }

func (c *cutter) Read(p []byte) (int, error) {
	n, err := c.reader.Read(p)
	kept := 0
	for _, b := range p[:n] {
		if !c.keeps(b) {
			c.drop()
			continue
		}
		p[kept] = b
		kept++
		c.out++
	}
	return kept, err
}

// keeps follows the text by one byte.
func (c *cutter) keeps(b byte) bool {
	if !c.open {
		c.follow(b)
		return true
	}
	switch {
	case c.escape > 0:
		c.escape--
	case c.escape < 0 && b == 'u':
		c.escape = 4
	case c.escape < 0:
		c.escape = 0
	case b == '"':
		c.open = false
		return true
	default:
		c.text++
		if b == '\\' {
			c.escape = -1
		}
	}
	return c.text <= c.limit
}

// follow is keeps between strings.
func (c *cutter) follow(b byte) {
	switch b {
	case '"':
		c.open = true
	case '{', '[':
		c.depth++
	case '}', ']':
		c.depth--
	}
	if c.depth <= entryDepth {
		c.text, c.cutting = 0, false
	}
}

func (c *cutter) drop() {
	if !c.cutting {
		c.cutting = true
		c.cuts = append(c.cuts, cut{at: c.out})
	}
	c.cuts[len(c.cuts)-1].bytes++
}

// dropped counts the bytes left out before an offset of what is read.
func (c *cutter) dropped(offset int64) int64 {
	var bytes int64
	for _, one := range c.cuts {
		if one.at < offset {
			bytes += one.bytes
		}
	}
	return bytes
}
