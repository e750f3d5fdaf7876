package client

import (
	"bytes"
	"mime"
	"net/http"

	"github.com/digakit/digakit/gen"
)

// judge turns an answer into the model of status 200, or into the error that
// it is. documented tells which statuses the operation has.
func judge[T any](ans *answer, key secret, documented func(int) bool) (*T, error) {
	status := ans.response.StatusCode
	if f := carrier(ans); f != nil {
		return nil, unexpected(ans, key, documented(status), f)
	}
	if status == http.StatusOK {
		model, f := decode[T](ans.body)
		if f != nil {
			return nil, unexpected(ans, key, true, f)
		}
		return model, nil
	}
	envelope, f := decode[gen.ErrorResponse](ans.body)
	if f == nil {
		return nil, &APIError{
			StatusCode: status,
			Documented: documented(status),
			ErrorCode:  key.redact(envelope.ErrorCode),
			Message:    key.redact(envelope.Message),
			Request:    key.redact(ans.request),
			RetryAfter: ans.retryAfter(),
			Attempts:   ans.attempts,
		}
	}
	if !documented(status) && f.kind == ErrInvalidBody {
		f = &flaw{kind: ErrUndocumentedStatus, reason: "the body is not the API's error envelope"}
	}
	return nil, unexpected(ans, key, documented(status), f)
}

// carrier finds what is wrong before the JSON is looked at. Only
// application/json is the API's: a problem document (application/problem+json)
// has other members and comes from something in between.
func carrier(ans *answer) *flaw {
	contentType := ans.response.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(contentType)
	trimmed := bytes.TrimSpace(ans.body)
	switch {
	case ans.tooLarge:
		return &flaw{kind: ErrBodyTooLarge, reason: "the body is larger than the client accepts"}
	case len(trimmed) == 0:
		return &flaw{kind: ErrEmptyBody, reason: "the body is empty"}
	case err == nil && media == "application/json":
		return nil
	case media == "text/html" || trimmed[0] == '<':
		return &flaw{kind: ErrContentType, reason: "the body is an HTML page, not the API's JSON; " +
			"a proxy, a login page or a wrong base URL may have answered"}
	case contentType == "":
		return &flaw{kind: ErrContentType, reason: "there is no Content-Type, want application/json"}
	default:
		return &flaw{kind: ErrContentType, reason: "the Content-Type is not application/json"}
	}
}

func unexpected(ans *answer, key secret, documented bool, f *flaw) *ResponseError {
	return &ResponseError{
		StatusCode:  ans.response.StatusCode,
		Documented:  documented,
		ContentType: key.redact(ans.response.Header.Get("Content-Type")),
		Request:     key.redact(ans.request),
		Kind:        f.kind,
		Pointer:     f.pointer,
		Reason:      f.reason,
		// Redacted first and cut afterwards: half a key is still a secret.
		Snippet:    printable(key.redactCut(string(ans.body)), maxSnippet),
		RetryAfter: ans.retryAfter(),
		Attempts:   ans.attempts,
	}
}
