package contract

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

var (
	errTooLarge = errors.New("contract: body over the cap")
	errEncoding = errors.New("contract: unknown content coding")
)

// PlainBody undoes Content-Encoding (RFC 9110, 8.4), never beyond limit bytes. It
// fails on what is larger, broken, or in a coding other than gzip, deflate, br and
// zstd.
func PlainBody(header http.Header, body []byte, limit int64) ([]byte, error) {
	encodings := header["Content-Encoding"]
	if len(encodings) == 0 {
		if int64(len(body)) > limit {
			return nil, errTooLarge
		}
		return body, nil
	}
	codings := strings.Split(strings.Join(encodings, ","), ",")
	for i := len(codings) - 1; i >= 0; i-- {
		var err error
		if body, err = undo(strings.ToLower(strings.TrimSpace(codings[i])), body, limit); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func undo(coding string, body []byte, limit int64) (plain []byte, err error) {
	var r io.Reader = bytes.NewReader(body)
	switch coding {
	case "", "identity":
	case "gzip", "x-gzip":
		r, err = gzip.NewReader(r)
	case "deflate":
		// "deflate" is zlib (RFC 9110, 8.4.1.2); some send it without the wrapper.
		if r, err = zlib.NewReader(r); err != nil {
			r, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		// RFC 9659, 3: no window of more than 8 MB.
		z, failed := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
		if failed == nil {
			defer z.Close()
		}
		r, err = z, failed
	default:
		err = errEncoding
	}
	if err != nil {
		return nil, err
	}
	if plain, err = io.ReadAll(io.LimitReader(r, limit+1)); err != nil {
		return nil, err
	}
	if int64(len(plain)) > limit {
		return nil, errTooLarge
	}
	return plain, nil
}
