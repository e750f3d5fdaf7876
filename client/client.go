package client

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"

	"github.com/digakit/digakit/gen"
)

// Client calls the Diga API with one key. It is safe for concurrent use and
// cheap enough to make one per key; it holds no resource that needs closing.
type Client struct {
	server string
	sender *sender
}

// New returns a client for the API at baseURL, such as "https://api.diga.io" or
// the address of a mock, with or without a path prefix. Over http the key travels
// in the clear, so keep that to loopback. All mistakes are reported together, each
// matching ErrInvalidOption; nothing is sent.
//
// The key is sent to the base URL's scheme, host and port alone: a redirect to
// anywhere else is followed without it (unless the http.Client's CheckRedirect
// stops it), one from https to http included.
//
// GET and HEAD requests are sent again, after a wait (WithBackoff), when the
// connection fails, breaks or times out, also in the middle of a body, and on
// the statuses 429, 502, 503 and 504; a Retry-After header is honoured up to
// WithMaxRetryAfter. Not retried: any other status (500 among them), failed
// certificate checks, unknown hosts, refused redirects. A wait that would
// outlast the context's deadline is not begun.
func New(baseURL, key string, opts ...Option) (*Client, error) {
	cfg := defaults()
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
	return &Client{server: base.String(), sender: s}, nil
}

// String names the base URL and not the key.
func (c *Client) String() string { return "client.Client(" + c.server + ")" }

// GoString is String: %#v shows no more than %v.
func (c *Client) GoString() string { return c.String() }

// API returns the generated client on the same base URL, typed and for every
// operation of the document:
//
//	agent, err := c.API().GetAgentWithResponse(ctx, id, nil)
//	if errors.Is(err, client.ErrorCode("AGENT_NOT_FOUND")) {
//
// What is not a success in JSON, or a 204 without a body, comes back as an *Error
// in place of the response. The success is decoded by the generated code, which
// does not notice absent members; All, Pages and Page do. Files and streams,
// which Diga documents as JSON, are for Raw.
func (c *Client) API() *gen.ClientWithResponses {
	return &gen.ClientWithResponses{ClientInterface: &gen.Client{Server: c.server, Client: doer{c.sender, true}}}
}

// Raw returns the generated client that adds the key, retries and bounds bodies
// as c does, and judges nothing. A body over the limit of WithMaxBody ends in
// ErrBodyTooLarge when read. Changing what Raw or API returns leaves c alone; with
// another Server it sends no key.
func (c *Client) Raw() *gen.Client {
	return &gen.Client{Server: c.server, Client: doer{c.sender, false}}
}

// ListAPIKeys fetches one page of the project's API keys: Page of
// GET /v1/api_key/. For all keys, use APIKeys.
func (c *Client) ListAPIKeys(ctx context.Context, params *gen.ListAPIKeysParams) (*gen.APIKeyPage, error) {
	return Page(ctx, c.API().ListAPIKeysWithResponse, params)
}

// APIKeys iterates over the project's API keys, newest first by default: All of
// GET /v1/api_key/.
func (c *Client) APIKeys(ctx context.Context, opts ...ListOption) iter.Seq2[gen.APIKey, error] {
	return All(ctx, c.API().ListAPIKeysWithResponse, nil, opts...)
}

// APIKeyPages iterates over the pages of the project's API keys: Pages of
// GET /v1/api_key/.
func (c *Client) APIKeyPages(ctx context.Context, opts ...ListOption) iter.Seq2[*gen.APIKeyPage, error] {
	return Pages(ctx, c.API().ListAPIKeysWithResponse, nil, opts...)
}
