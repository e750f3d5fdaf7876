package drift_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const shopHead = `openapi: 3.1.0
info: {title: Shop, version: "%s"}
paths:
`

// TestChangelogs compares descriptions that changed as real ones do.
func TestChangelogs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, why, base, revision, want string }{
		{
			"renames", "the operationId tells that it is the same operation",
			`
  /orders/{order_id}:
    parameters: [{name: order_id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getOrder
      parameters: [{name: expand, in: query, schema: {type: boolean}}]
      responses:
        "200":
          description: An order
          content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
components:
  schemas:
    Order:
      type: object
      required: [id, total_cents]
      properties:
        id: {type: string}
        total_cents: {type: integer, description: In the smallest unit}
        note: {type: [string, "null"]}
`,
			`
  /purchases/{id}:
    get:
      operationId: getOrder
      parameters:
        - {name: include, in: query, schema: {type: boolean}}
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: An order
          content: {application/json: {schema: {$ref: "#/components/schemas/Purchase"}}}
components:
  schemas:
    Purchase:
      type: object
      required: [total_minor, id]
      properties:
        total_minor: {type: integer, description: In the smallest unit}
        id: {type: string}
        note: {anyOf: [{type: "null"}, {type: string}]}
`,
			`error api-path-renamed: path /orders/{order_id} is now /purchases/{id}
error request-parameter-renamed: query parameter expand is now called include
error response-property-renamed: property total_cents of schema Order is now called total_minor
info api-version-changed: version of the API changed from "1" to "2"
`,
		},
		{
			"renames one by one", "each is told",
			`
  /orders:
    get:
      operationId: getOrders
      parameters: [{name: expand, in: query, schema: {type: boolean, title: Expand}}]
      responses:
        "200":
          description: An order
          content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
  /carts:
    get: {operationId: getCarts, responses: {"204": {description: None}}}
components:
  schemas:
    Order: {type: object, required: [id, total_cents], properties: {id: {type: string}, total_cents: {type: integer, title: Total Cents}, note: {type: boolean}}}
`,
			`
  /orders:
    get:
      operationId: listOrders
      parameters: [{name: include, in: query, schema: {type: boolean, title: Include}}]
      responses:
        "200":
          description: An order
          content: {application/json: {schema: {$ref: "#/components/schemas/Purchase"}}}
  /baskets:
    get: {operationId: getCarts, responses: {"204": {description: None}}}
components:
  schemas:
    Purchase: {type: object, required: [id, total_minor], properties: {id: {type: string}, total_minor: {type: integer, title: Total Minor}, note: {type: boolean}}}
`,
			`error api-path-renamed: path /carts is now /baskets
error api-operation-id-changed: operationId changed from "getOrders" to "listOrders"
error request-parameter-renamed: query parameter expand is now called include
error response-property-renamed: property total_cents of schema Order is now called total_minor
info api-version-changed: version of the API changed from "1" to "2"
`,
		},
		{
			"pages to cursors", "callers have to walk a list in another way",
			`
  /orders:
    get:
      operationId: listOrders
      parameters:
        - {name: page, in: query, schema: {type: integer, minimum: 1, default: 1}}
        - {name: per_page, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 30}}
      responses:
        "200":
          description: A page
          content:
            application/json:
              schema:
                type: object
                required: [orders, total_pages]
                properties:
                  orders: {type: array, items: {type: string}}
                  total_pages: {type: integer}
`,
			`
  /orders:
    get:
      operationId: listOrders
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 30}}
      responses:
        "200":
          description: A page
          content:
            application/json:
              schema:
                type: object
                required: [orders]
                properties:
                  orders: {type: array, items: {type: string}}
                  next_cursor: {type: [string, "null"]}
`,
			`error request-parameter-removed: query parameter page was removed
error request-parameter-renamed: query parameter per_page is now called limit
error response-required-property-removed: property total_pages of response 200 was removed
warning new-optional-request-parameter: optional query parameter cursor was added
warning response-optional-property-added: property next_cursor of response 200 was added
info api-version-changed: version of the API changed from "1" to "2"
`,
		},
		{
			"another form of errors", "what reads errors must be written anew",
			`
  /orders:
    post:
      operationId: createOrder
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "201": {description: Made}
        "400":
          description: Refused
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Error"}
              example: {error: {code: bad_order}}
        "500":
          description: Failed
          content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}
components:
  schemas:
    Error: {type: object, required: [error], properties: {error: {type: object, properties: {code: {type: string, enum: [bad_order, failed]}}}}}
`,
			`
  /orders:
    post:
      operationId: createOrder
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "201": {description: Made}
        "422":
          description: Refused
          content:
            application/problem+json:
              schema: {$ref: "#/components/schemas/Problem"}
              example: {type: "urn:bad-order", title: Bad order}
        "500":
          description: Failed
          content: {application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}}
components:
  schemas:
    Problem: {type: object, required: [type, title], properties: {type: {type: string, format: uri}, title: {type: string}, detail: {type: string}}}
`,
			`error response-media-type-changed: media type of response 500 changed from application/json to application/problem+json
error response-required-property-removed: property error of schema Error was removed
warning response-non-success-status-added: status 422 is now documented
warning response-non-success-status-removed: status 400 is no longer documented
warning response-optional-property-added: property detail of schema Problem was added
warning response-required-property-added: property title of schema Problem was added
warning response-required-property-added: property type of schema Problem was added
info api-version-changed: version of the API changed from "1" to "2"
`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := compared(t, []byte(fmt.Sprintf(shopHead, "1")+c.base), []byte(fmt.Sprintf(shopHead, "2")+c.revision))
			if diff := cmp.Diff(c.want, strings.Join(found(r, true), "\n")+"\n"); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.why, diff)
			}
		})
	}
}
