package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/digakit/digakit/gen"
)

// listAPIKeysDocuments tells whether the specification lists status for
// GET /v1/api_key/.
func listAPIKeysDocuments(status int) bool {
	switch status {
	case http.StatusOK, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusInternalServerError:
		return true
	default:
		return false
	}
}

// ListAPIKeys fetches one page of the project's API keys: GET /v1/api_key/.
// The parameters go out as they are, and nil ones not at all; it is the server
// that judges them. For all keys, use APIKeys.
//
// The page is checked before it is returned: status 200, application/json,
// exactly one JSON value, every required member there and of its type. What
// else came is an *APIError, a *ResponseError or a *TransportError.
func (c *Client) ListAPIKeys(ctx context.Context, params *gen.ListAPIKeysParams) (*gen.APIKeyPage, error) {
	req, err := gen.NewListAPIKeysRequest(c.server, params)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalidOption, err)
	}
	ans, err := c.sender.send(req.WithContext(ctx))
	if err != nil {
		if failed := (*TransportError)(nil); ans != nil && errors.As(err, &failed) {
			_, failed.Last = judge[gen.APIKeyPage](ans, c.sender.key, listAPIKeysDocuments)
		}
		return nil, err
	}
	return judge[gen.APIKeyPage](ans, c.sender.key, listAPIKeysDocuments)
}
