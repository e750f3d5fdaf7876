import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import createClient from "openapi-fetch";

import type { components, paths } from "./diga.js";
import { startMock } from "./mock.js";

type APIKey = components["schemas"]["RedactedApiKeyResponseSchema"];

let mock: Awaited<ReturnType<typeof startMock>>;
before(async () => {
  mock = await startMock();
});
after(async () => {
  assert.equal(await mock.stop(), 0);
});

const client = (key: string) =>
  createClient<paths>({ baseUrl: mock.url, headers: { Authorization: `Bearer ${key}` } });

test("after walks all 60 keys, each once, newest first", async () => {
  const api = client("diga-mock-read-only-0002");
  const keys: APIKey[] = [];
  let after: string | undefined;
  for (let pages = 0; pages < 10; pages++) {
    const { data, error } = await api.GET("/v1/api_key/", { params: { query: { limit: 7, after } } });
    assert.ok(data, JSON.stringify(error));
    keys.push(...data.data);
    if (!data.has_more) break;
    after = data.last_id ?? assert.fail("more items, but no last_id");
  }
  assert.equal(keys.length, 60);
  assert.equal(new Set(keys.map((k) => k.id)).size, 60);
  const dates = keys.map((k) => Date.parse(k.created_date));
  assert.deepEqual(dates, dates.toSorted((a, b) => b - a));
});

test("a key without the permission gets the documented 403", async () => {
  const { error, response } = await client("diga-mock-no-access-0003").GET("/v1/api_key/");
  assert.equal(response.status, 403);
  assert.deepEqual(error, {
    status: "error",
    error_code: "INTERNAL_SERVER_ERROR",
    message: "Missing required permissions",
  });
});
