import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import createClient, { type Client } from "openapi-fetch";

import type { components, paths as ControlPaths } from "./control.js";
import type { paths } from "./diga.js";
import { startMock } from "./mock.js";

let mock: Awaited<ReturnType<typeof startMock>>;
let control: Client<ControlPaths>;
before(async () => {
  mock = await startMock();
  control = createClient<ControlPaths>({ baseUrl: mock.url });
});
after(async () => {
  assert.equal(await mock.stop(), 0);
});

// Each test has a project of its own: no other test sees its keys, faults or requests.
let project: components["schemas"]["CreatedProject"];
let inProject: { params: { path: { project: string } } };
beforeEach(async () => {
  const { data, error } = await control.POST("/_mock/projects", { body: { keys: 3 } });
  project = data ?? assert.fail(JSON.stringify(error));
  inProject = { params: { path: { project: project.id } } };
});
afterEach(async () => {
  const { response } = await control.DELETE("/_mock/projects/{project}", inProject);
  assert.equal(response.status, 204);
});

const client = (key: string) =>
  createClient<paths>({ baseUrl: mock.url, headers: { Authorization: `Bearer ${key}` } });

/** A caller as a frontend may have one: asks again after a 5xx, `attempts` times in all. */
async function listKeys(key: string, attempts: number) {
  const statuses: number[] = [];
  for (;;) {
    const { data, response } = await client(key).GET("/v1/api_key/");
    statuses.push(response.status);
    if (response.status < 500 || statuses.length === attempts) return { keys: data?.data, statuses };
  }
}

async function countRequests(query?: { status: string }) {
  const { data, error } = await control.GET("/_mock/projects/{project}/requests/count", {
    params: { ...inProject.params, query },
  });
  return data?.count ?? assert.fail(JSON.stringify(error));
}

test("the admin key lists the project's keys and no others", async () => {
  const { keys, statuses } = await listKeys(project.admin_key, 1);
  assert.deepEqual(statuses, [200]);
  assert.equal(keys?.length, 3);
  assert.ok(keys.some((k) => k.id === project.admin_key_id));
});

test("a key that may only read calls gets a 403", async () => {
  const { data: key, error } = await control.POST("/_mock/projects/{project}/api_keys", {
    ...inProject,
    body: { name: "Dashboard", access: { Calls: "Read" } },
  });
  assert.ok(key, JSON.stringify(error));
  assert.equal(key.access?.["Calls"], "Read");
  assert.equal(key.access?.["API Keys"], "No access");

  const { error: refusal, response } = await client(key.secret).GET("/v1/api_key/");
  assert.equal(response.status, 403);
  assert.equal(refusal?.message, "Missing required permissions");
  assert.equal(await countRequests({ status: "403" }), 1);
});

test("a caller that asks again survives one 500", async () => {
  const { data: fault, error } = await control.POST("/_mock/projects/{project}/faults", {
    ...inProject,
    body: { status: 500, times: 1 },
  });
  assert.equal(fault?.remaining, 1, JSON.stringify(error));

  const { keys, statuses } = await listKeys(project.admin_key, 3);
  assert.deepEqual(statuses, [500, 200]);
  assert.equal(keys?.length, 3);
  assert.equal(await countRequests(), 2);
  assert.equal(await countRequests({ status: "5xx" }), 1);
});

test("a deleted project is gone, and its keys with it", async () => {
  const { data: other, error } = await control.POST("/_mock/projects");
  assert.ok(other, JSON.stringify(error));
  const path = { params: { path: { project: other.id } } };
  assert.equal((await control.DELETE("/_mock/projects/{project}", path)).response.status, 204);
  assert.equal((await control.GET("/_mock/projects/{project}", path)).response.status, 404);
  assert.deepEqual((await listKeys(other.admin_key, 1)).statuses, [403]);
});
