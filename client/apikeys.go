package client

import (
	"context"
	"iter"

	"github.com/digakit/digakit/gen"
)

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
