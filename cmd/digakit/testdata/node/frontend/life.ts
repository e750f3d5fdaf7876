import createClient from "openapi-fetch";

import type { paths } from "./diga.js";

/**
 * Creates an agent, calls with it, reads the call, lists keys, and deletes a call that has ended, and the agent. It fails where an answer is
 * not what it should be, and returns how many keys there are.
 */
export async function live(baseUrl: string, key: string, headers: Record<string, string> = {}) {
  const api = createClient<paths>({ baseUrl, headers: { ...headers, Authorization: `Bearer ${key}` } });
  const voice = one(await api.GET("/v1/voice/")).data[0] ?? fail("no voice");
  const phone = one(await api.GET("/v1/phone/")).data[0] ?? fail("no phone");

  const agent = one(await api.POST("/v1/agent/", { body: { name: "Night desk", voice_id: voice.id, language: "en" } }), 201);
  const agentPath = { params: { path: { agent_id: agent.agent_id } } };
  equal(one(await api.GET("/v1/agent/{agent_id}", agentPath)).name, "Night desk");

  const made = one(
    await api.POST("/v1/call/", {
      body: { from_number: phone.number, to_number: "+34600000000", agent_version_id: agent.version_id },
    }),
    201,
  );
  const callPath = { params: { path: { id: made.id } } };
  const call = one(await api.GET("/v1/call/{id}", callPath));
  equal(call.agent_version_id, agent.version_id);
  const calls = one(await api.GET("/v1/call/", { params: { query: { limit: 100 } } })).data;
  equal(calls[0]?.id, made.id);
  const ended = calls.find((each) => each.status === "completed") ?? fail("no call has ended");

  const keys = one(await api.GET("/v1/api_key/", { params: { query: { limit: 1000 } } })).data;

  const ids = [made.id, ended.id]; // the first has not ended, and is passed over
  equal(one(await api.POST("/v1/call/bulk-delete", { body: { call_ids: ids } })).deleted, 1);
  equal((await api.GET("/v1/call/{id}", { params: { path: { id: ended.id } } })).response.status, 404);
  equal((await api.GET("/v1/call/{id}", callPath)).response.status, 200);
  equal((await api.DELETE("/v1/agent/{agent_id}", agentPath)).response.status, 204);
  equal((await api.GET("/v1/agent/{agent_id}", agentPath)).response.status, 404);
  return keys.length;
}

/** The data of an answer that must have a status. */
function one<T>({ data, error, response }: { data?: T; error?: unknown; response: Response }, status = 200): T {
  if (response.status !== status || data === undefined) fail(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`);
  return data;
}

function equal<T>(got: T, want: T) {
  if (got !== want) fail(`got ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);
}

function fail(message: string): never {
  throw new Error(message);
}
