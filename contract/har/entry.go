package har

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// entry is one exchange as HAR 1.2 has it, with what browsers add.
type entry struct {
	StartedDateTime string `json:"startedDateTime"`
	Request         struct {
		Method      string      `json:"method"`
		URL         string      `json:"url"`
		Headers     []nameValue `json:"headers"`
		QueryString []nameValue `json:"queryString"`
		PostData    *postData   `json:"postData"`
		BodySize    float64     `json:"bodySize"` // -1: unknown
	} `json:"request"`
	Response struct {
		Status   int         `json:"status"`
		Headers  []nameValue `json:"headers"`
		Content  content     `json:"content"`
		BodySize float64     `json:"bodySize"`
		Error    string      `json:"_error"` // Chrome's: why the exchange failed after its headers
	} `json:"response"`
}

type nameValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type postData struct {
	MimeType string      `json:"mimeType"`
	Text     string      `json:"text"`
	Encoding string      `json:"encoding"` // not in HAR 1.2; some say base64
	Params   []nameValue `json:"params"`
}

type content struct {
	Size     float64 `json:"size"` // decoded; -1: unknown
	MimeType string  `json:"mimeType"`
	Text     *string `json:"text"`
	Encoding string  `json:"encoding"`
}

// started is when the exchange began, for a message; empty when the archive
// holds no such time.
func (e *entry) started() string {
	at, err := time.Parse(time.RFC3339Nano, e.StartedDateTime)
	if err != nil {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}

// headerOf reads a list of headers: without HTTP/2's pseudo headers, with those
// apart that Chrome joins by line ends.
func headerOf(list []nameValue) http.Header {
	h := http.Header{}
	for _, one := range list {
		if one.Name == "" || one.Name[0] == ':' {
			continue
		}
		for value := range strings.SplitSeq(one.Value, "\n") {
			h.Add(one.Name, value)
		}
	}
	return h
}

// redacted tells a value that the recorder has taken out.
func redacted(value string) bool {
	switch bare := strings.ToLower(strings.Trim(value, "[]<>(){} ")); bare {
	case "redacted", "sanitized", "filtered", "hidden":
		return true
	default:
		return strings.HasPrefix(bare, "***") && strings.Trim(bare, "*") == ""
	}
}

// target is the request's URL. Its own query wins over the list of parameters,
// which is there in a decoded form alone.
func (e *entry) target() (*url.URL, error) {
	u, err := url.Parse(e.Request.URL)
	if err != nil {
		return nil, err
	}
	if u.RawQuery == "" && len(e.Request.QueryString) > 0 {
		u.RawQuery = encodeForm(e.Request.QueryString)
	}
	return u, nil
}

// encodeForm writes pairs as application/x-www-form-urlencoded, in their order.
func encodeForm(pairs []nameValue) string {
	var list []string
	for _, pair := range pairs {
		list = append(list, url.QueryEscape(pair.Name)+"="+url.QueryEscape(pair.Value))
	}
	return strings.Join(list, "&")
}

// half is one side of an exchange.
type half struct {
	header http.Header
	bare   bool // no header was recorded
	body   []byte
	// partial says why the body cannot be judged; empty: it can.
	partial string
}

// Reasons of a response's body that is shorter than it was, and of none.
const (
	cutBody = "a response body was recorded in part"
	notKept = "a response body was not recorded"
)

// request reads the request's side.
func (e *entry) request() half {
	h := half{header: headerOf(e.Request.Headers), bare: len(e.Request.Headers) == 0}
	post := e.Request.PostData
	switch {
	case post == nil:
		if e.Request.BodySize > 0 {
			h.partial = "a request body was not recorded"
		}
		return h
	case h.header.Get("Content-Type") == "" && post.MimeType != "":
		h.header.Set("Content-Type", post.MimeType)
	}
	text := post.Text
	if text == "" && len(post.Params) > 0 {
		if !strings.HasPrefix(strings.ToLower(h.header.Get("Content-Type")), "application/x-www-form-urlencoded") {
			h.partial = "a request body was recorded in parts"
			return h
		}
		text = encodeForm(post.Params)
	}
	if h.header.Get("Content-Encoding") != "" {
		h.partial = "a request body was recorded with a Content-Encoding, undone or not"
		return h
	}
	h.decode(text, post.Encoding)
	if h.partial == "" && len(h.body) == 0 && e.Request.BodySize > 0 {
		h.partial = "a request body was not recorded"
	}
	return h
}

// response reads the response's side. Its body was decoded when it was
// recorded: the Content-Encoding that still stands is no longer true.
func (e *entry) response() half {
	c := &e.Response.Content
	h := half{header: headerOf(e.Response.Headers), bare: len(e.Response.Headers) == 0}
	h.header.Del("Content-Encoding")
	if h.bare && c.MimeType != "" && c.MimeType != "x-unknown" {
		h.header.Set("Content-Type", c.MimeType)
	}
	switch {
	case e.Response.Error != "":
		h.partial = "an answer failed before its end"
	case (c.Text == nil || *c.Text == "") && e.declaresBody(h.header):
		h.partial = notKept
	case c.Text != nil:
		h.decode(*c.Text, c.Encoding)
		if h.partial == "" && float64(len(h.body)) < c.Size {
			h.partial = cutBody
		}
	case c.Size != 0 || e.Response.BodySize > 0:
		h.partial = notKept
	}
	return h
}

// declaresBody tells from the Content-Length that the answer had a body, which
// recorders drop when their memory is full.
func (e *entry) declaresBody(header http.Header) bool {
	length, err := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	return err == nil && length > 0 && e.Request.Method != http.MethodHead
}

func (h *half) decode(text, encoding string) {
	switch strings.ToLower(encoding) {
	case "":
		h.body = []byte(text)
	case "base64":
		body, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			h.partial = "a body is not the base64 it is said to be"
			return
		}
		h.body = body
	default:
		h.partial = "a body was recorded in an encoding other than base64"
	}
}
