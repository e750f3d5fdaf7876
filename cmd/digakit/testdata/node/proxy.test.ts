import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import createClient from "openapi-fetch";

import type { paths } from "./diga.js";
import { startMock } from "./mock.js";
import { startProxy } from "./proxy.js";

const client = (baseUrl: string, key: string) =>
  createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });

/** Serves with a listener of the test's own, on a free port. */
async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

test("a client that walks the mock through the proxy breaks nothing", async () => {
  const mock = await startMock();
  const proxy = await startProxy(mock.url);
  const api = client(proxy.url, "diga-mock-read-only-0002");
  const ids = new Set<string>();
  let pages = 0;
  for (let after: string | undefined; pages < 10; ) {
    const { data, error } = await api.GET("/v1/api_key/", { params: { query: { limit: 7, after } } });
    assert.ok(data, JSON.stringify(error));
    for (const key of data.data) ids.add(key.id);
    pages++;
    if (!data.has_more) break;
    after = data.last_id ?? assert.fail("more items, but no last_id");
  }
  assert.equal(ids.size, 60);
  const { response } = await client(proxy.url, "diga-mock-no-access-0003").GET("/v1/api_key/");
  assert.equal(response.status, 403);

  const { code, report } = await proxy.end();
  assert.equal(await mock.stop(), 0);
  assert.deepEqual(report.findings, []);
  assert.deepEqual(report.summary, { ...report.summary, error: 0, warning: 0, passed: pages + 1, skipped: 0 });
  assert.equal(code, 0);
  assert.equal(report.tool, "proxy");
  assert.equal(report.target, mock.url);
});

const key = {
  id: "11111111-1111-4111-8111-111111111111",
  name: "CRM_Production",
  created_date: "2026-01-15T09:30:00Z",
  creator_id: "22222222-2222-4222-8222-222222222222",
  permissions: null,
  restricted: false,
};

test("the proxy tells in which ways a server departs, and nothing secret", async () => {
  const server = await serve((request, response) => {
    if (request.url?.includes("limit=3")) {
      response.writeHead(418).end();
      return;
    }
    // No key of the list has last_four_digits.
    const page = { data: [key, key], first_id: key.id, last_id: key.id, has_more: false, current_page: null, total_pages: null };
    response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(page));
  });
  const proxy = await startProxy(server.url);
  const api = client(proxy.url, "sk-very-secret");
  for (let i = 0; i < 3; i++) {
    const { data } = await api.GET("/v1/api_key/");
    assert.equal(data?.data.length, 2, "an answer that breaks the document passes as it is");
  }
  const { response } = await api.GET("/v1/api_key/", { params: { query: { limit: 3 } } });
  assert.equal(response.status, 418);

  const { code, report, log } = await proxy.end();
  await server.close();
  assert.equal(code, 1);
  const found = report.findings.map(({ check, status, message, count }) => ({ check, status, message, count }));
  assert.deepEqual(found, [
    {
      check: "response_schema_conformance",
      status: 200,
      message: 'response body /data/0: must have the property "last_four_digits"',
      count: 6, // two keys, three times
    },
    {
      check: "status_code_conformance",
      status: 418,
      message: "response status: must be a documented status (200, 403, 422, 500), not 418",
      count: 1,
    },
  ]);
  for (const finding of report.findings) assert.match(finding.curl, new RegExp(`^curl .*\\$DIGAKIT_KEY.*${server.url}/v1/api_key/`));
  assert.doesNotMatch(JSON.stringify(report) + log.join("\n"), /sk-very-secret/);
  assert.equal(log.filter((line) => line.includes("last_four_digits")).length, 1, "each finding is told once as it comes");
});

test("enforced, an answer that breaks the document does not reach the client", async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, { "Content-Type": "application/json", ETag: '"1"' }).end(JSON.stringify({ data: [key] }));
  });
  const proxy = await startProxy(server.url, "--enforce");
  const { error, response } = await client(proxy.url, "sk-very-secret").GET("/v1/api_key/");
  assert.equal(response.status, 502);
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("etag"), null);
  assert.ok(JSON.parse(response.headers.get("sl-violations") ?? "").length > 0);
  assert.match(JSON.stringify(error), /last_four_digits/);
  const { code } = await proxy.end();
  await server.close();
  assert.equal(code, 1);
});
