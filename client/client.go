package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/digakit/digakit/gen"
)

// Client calls the Diga API with one key. It is safe for concurrent use, and holds no
// resource that needs closing.
type Client struct {
	sender *sender
}

// New returns a client for the API at baseURL, such as "https://api.diga.io" or the
// address of a mock, with or without a path prefix. Over http the key travels in the
// clear. All mistakes are reported together, each matching ErrInvalidOption; nothing is
// sent.
//
// The key goes to the base URL's scheme, host and port alone: a redirect to anywhere else
// is followed without it, unless the http.Client's CheckRedirect stops it.
//
// GET and HEAD requests are sent again, after a wait (WithBackoff), when the connection
// fails, breaks or times out, and on the statuses 429, 502, 503 and 504; a Retry-After
// header is honoured up to WithMaxRetryAfter. Not retried: any other status, failed
// certificate checks, unknown hosts, refused redirects. A wait that would outlast the
// context's deadline is not begun.
func New(baseURL, key string, opts ...Option) (*Client, error) {
	cfg := &config{
		http: &http.Client{}, maxBody: 10 << 20, attemptTimeout: 30 * time.Second,
		attempts: 4, base: 500 * time.Millisecond, max: 10 * time.Second, jitter: rand.Float64, maxRetryAfter: time.Minute,
	}
	for _, opt := range opts {
		if opt == nil {
			opt = option("New", false, "an option is nil", nil)
		}
		opt(cfg)
	}
	base, err := parseBaseURL(baseURL)
	if err := errors.Join(err, checkKey(key), errors.Join(cfg.errs...)); err != nil {
		return nil, err
	}
	own := *cfg.http // the caller's stays as it is
	s := &sender{http: &own, base: base, key: newSecret(key), userAgent: userAgent(cfg.userAgent), cfg: *cfg}
	own.Transport = &credentials{
		next: cmp.Or[http.RoundTripper](own.Transport, http.DefaultTransport), origin: origin(base), key: s.key,
	}
	return &Client{s}, nil
}

// String names the base URL and not the key.
func (c *Client) String() string { return "client.Client(" + c.sender.base.String() + ")" }

// GoString is String: %#v shows no more than %v.
func (c *Client) GoString() string { return c.String() }

// API returns the generated client on the same base URL, typed and for every
// operation of the document:
//
//	agent, err := c.API().GetAgentWithResponse(ctx, id, nil)
//	if errors.Is(err, client.ErrorCode("AGENT_NOT_FOUND")) {
//
// What is not a success in JSON, or a 204 without a body, comes back as an *Error.
// The success is decoded by the generated code, which does not notice absent
// members; All, Pages and Page do. Numbers and dates that it would not read are spelled
// anew before. Files and streams are for Raw.
func (c *Client) API() *gen.ClientWithResponses {
	return &gen.ClientWithResponses{ClientInterface: &gen.Client{Server: c.sender.base.String(), Client: doer{c.sender, true}}}
}

// Raw returns the generated client that adds the key, retries and bounds bodies as c
// does, and judges nothing. A body over the limit of WithMaxBody ends in ErrBodyTooLarge
// when read. With another Server it sends no key.
func (c *Client) Raw() *gen.Client {
	return &gen.Client{Server: c.sender.base.String(), Client: doer{c.sender, false}}
}

// ListAPIKeys is Page of GET /v1/api_key/.
func (c *Client) ListAPIKeys(ctx context.Context, params *gen.ListAPIKeysParams) (*gen.APIKeyPage, error) {
	return Page(ctx, c.API().ListAPIKeysWithResponse, params)
}

// APIKeys is All of GET /v1/api_key/.
func (c *Client) APIKeys(ctx context.Context, opts ...ListOption) iter.Seq2[gen.APIKey, error] {
	return All(ctx, c.API().ListAPIKeysWithResponse, nil, opts...)
}

// APIKeyPages is Pages of GET /v1/api_key/.
func (c *Client) APIKeyPages(ctx context.Context, opts ...ListOption) iter.Seq2[*gen.APIKeyPage, error] {
	return Pages(ctx, c.API().ListAPIKeysWithResponse, nil, opts...)
}

// Option tunes a Client; give it to New. The last of a kind wins.
type Option func(*config)

type config struct {
	http           *http.Client
	userAgent      string
	attempts       int
	base, max      time.Duration
	maxRetryAfter  time.Duration
	jitter         func() float64 // safe for concurrent use, in [0,1)
	attemptTimeout time.Duration
	maxBody        int64
	assumeUTC      bool
	errs           []error
}

// option is apply where its argument is good, else a mistake that New reports.
func option(name string, good bool, rule string, apply func(*config)) Option {
	return func(c *config) {
		if good {
			apply(c)
		} else {
			c.errs = append(c.errs, fmt.Errorf("%w: %s: %s", ErrInvalidOption, name, rule))
		}
	}
}

// WithHTTPClient sends requests through a copy of hc: its Transport, Timeout (which then
// bounds each attempt), Jar and CheckRedirect apply. The default is an http.Client
// without a setting. Nil is refused.
func WithHTTPClient(hc *http.Client) Option {
	return option("WithHTTPClient", hc != nil, "the client is nil", func(c *config) { c.http = hc })
}

// WithUserAgent puts product, such as "billing-sync/2.1" in printable ASCII, before the
// library's own "digakit/VERSION (GO)" in the User-Agent header.
func WithUserAgent(product string) Option {
	good := product != "" && !strings.ContainsFunc(product, func(r rune) bool { return r < ' ' || r > '~' })
	return option("WithUserAgent", good, "want a product such as \"name/1.0\" in printable ASCII",
		func(c *config) { c.userAgent = product })
}

// WithMaxAttempts sets how often a GET or HEAD is sent at most. The default is 4; 1 and 0
// both switch retries off; a negative number is refused. See New for what is retried.
func WithMaxAttempts(n int) Option {
	return option("WithMaxAttempts", n >= 0, "the number is negative", func(c *config) { c.attempts = n })
}

// WithBackoff sets the wait between attempts where the server asks for none: base before
// the second attempt, doubled for each further one, never above longest, and shortened by
// up to one half at random. The default is 500 ms and 10 s. Base must be positive and not
// above longest.
func WithBackoff(base, longest time.Duration) Option {
	return option("WithBackoff", base > 0 && base <= longest, "the base must be positive and not above the longest wait",
		func(c *config) { c.base, c.max = base, longest })
}

// WithMaxRetryAfter sets the longest Retry-After that is waited for; asked to wait
// longer, a call fails at once with the server's answer and its RetryAfter. The default
// is one minute. Zero means never to wait so; a negative duration is refused.
func WithMaxRetryAfter(longest time.Duration) Option {
	return option("WithMaxRetryAfter", longest >= 0, "the duration is negative", func(c *config) { c.maxRetryAfter = longest })
}

// WithJitter replaces the source of chance in the waits: a number from 0 (half the wait)
// to 1 (the whole wait), what is out of range brought into it. It must be safe for
// concurrent use. The default is rand.Float64 of math/rand/v2. Nil is refused.
func WithJitter(chance func() float64) Option {
	return option("WithJitter", chance != nil, "the function is nil", func(c *config) { c.jitter = chance })
}

// WithAttemptTimeout bounds one attempt, from dialling to the last byte of the body; one
// that runs out of time counts as a broken connection. The default is 30 s. The call as a
// whole is bounded by its context alone. A duration that is not positive is refused.
func WithAttemptTimeout(d time.Duration) Option {
	return option("WithAttemptTimeout", d > 0, "the duration is not positive", func(c *config) { c.attemptTimeout = d })
}

// WithMaxBody bounds the bytes of a body, after decompression, that are read into memory;
// a longer one is an *Error of kind ErrBodyTooLarge. The default is 10 MiB. A number
// below 1 is refused.
func WithMaxBody(bytes int64) Option {
	// One byte more than this is read, to tell "full" from "too large".
	return option("WithMaxBody", bytes >= 1, "the number of bytes is below 1",
		func(c *config) { c.maxBody = min(bytes, math.MaxInt64-1) })
}

// WithAssumedUTC reads date-times without time zone as UTC, which FastAPI writes. By
// default a page with one is an *Error of kind ErrInvalidBody.
func WithAssumedUTC() Option {
	return func(c *config) { c.assumeUTC = true }
}
