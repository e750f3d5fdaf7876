// What `digakit verify` says of a server that is not ours: Prism, which makes up each answer from the document and keeps nothing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import type { Report } from "./proxy.js";
import { published } from "./shared.js";

const prism = fileURLToPath(new URL("../node_modules/.bin/prism", import.meta.url));
const harbour = fileURLToPath(new URL("../../../../../contract/suite/testdata/harbour.yaml", import.meta.url));

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts Prism on a free port and resolves once it answers. */
async function startPrism(document: string) {
  const port = await freePort();
  const child = spawn(process.execPath, [prism, "mock", "--host", "127.0.0.1", "--port", String(port), document], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  await new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => line.includes("Prism is listening") && resolve());
    exited.then(() => reject(new Error("Prism ended before it was ready")), reject);
  });
  return {
    port,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

const mediaType = /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+/;

/** Keeps from Prism what it dies of: media types and escapes that cannot be read. */
async function startFront(port: number) {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((asked, answer) => {
    const headers = { ...asked.headers };
    for (const [name, other] of [["accept", "application/json"], ["content-type", "application/octet-stream"]] as const) {
      if (headers[name] !== undefined && !mediaType.test(headers[name])) headers[name] = other;
    }
    try {
      decodeURIComponent(asked.url?.split("?")[0] ?? "");
    } catch {
      asked.resume();
      answer.writeHead(400).end();
      return;
    }
    const passed = request({ host: "127.0.0.1", port, method: asked.method, path: asked.url, headers, agent }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on("error", () => answer.destroy());
    answer.on("close", () => passed.destroy());
    asked.pipe(passed);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      agent.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function verify(...args: string[]) {
  const binary = process.env.DIGAKIT ?? assert.fail("set DIGAKIT to the digakit binary");
  const child = spawn(binary, ["verify", "--key", "k", "--writes", "--timeout", "1s", "--format", "json", ...args], { stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const report = JSON.parse(await text(child.stdout)) as { findings: (Report["findings"][number] & { severity: string; assumption?: string })[] };
  await exited;
  return { code: child.exitCode, report };
}

/** The ids of the checks with an error, each once. */
const errors = (report: { findings: { check: string; severity: string }[] }) =>
  [...new Set(report.findings.filter(({ severity }) => severity === "error").map(({ check }) => check))].toSorted();

// What is wrong of Prism with any document, and why.
const stateless = [
  "concurrent_writes", // items that are made at once have one id
  "copy_is_new", // and so have copies
  "ensure_resource_availability", // what was made is read back as something else
  "ignored_auth", // any key is taken
  "negative_data_rejection", // an empty value is taken for false, and 0 for null
  "response_completeness", // a body that is cut in half is not answered
  "unknown_item", // an id that nothing has is read
];

// What is wrong with the pages of one answer that is always the same.
const endless = [
  "conflicting_cursors", "cursor_excluded", "cursor_place", "has_more", "page_bounds", "page_numbers", "page_past_end", "unknown_cursor", "walk_after",
];

test("what Prism gets wrong of a small document, and nothing else", { timeout: 90_000 }, async () => {
  const server = await startPrism(harbour);
  const front = await startFront(server.port);
  try {
    const { code, report } = await verify("--spec", harbour, "--url", front.url, "--max-time", "60s");
    assert.equal(code, 1);
    assert.deepEqual(errors(report), [
      ...stateless,
      "filter_conformance", // the list shows the same item whatever it is filtered by
      "status_code_conformance", // mistakes are answered 422, which is not documented
      "walk_page", // no page is the last
    ].toSorted());
  } finally {
    await front.stop();
    await server.stop();
  }
});

test("a request that Prism dies of is told, with what repeats it", { timeout: 60_000 }, async () => {
  const server = await startPrism(harbour);
  const { code, report } = await verify("--spec", harbour, "--url", `http://127.0.0.1:${server.port}`, "--only", "hostile_input", "--max-time", "30s");
  await server.stop();
  assert.equal(code, 1);
  const found = report.findings.filter(({ check }) => check === "stopped_answering");
  assert.equal(found.length, 1);
  assert.match(found[0]?.curl ?? "", /^curl .*Accept: ;;;/);
});

const newest = published.at(-1);
test("what Prism gets wrong of the newest document, and nothing else", { skip: newest ? false : "../shared/diga is not there", timeout: 120_000 }, async () => {
  const { file } = newest ?? assert.fail();
  const server = await startPrism(file);
  const front = await startFront(server.port);
  try {
    // Half of the operations show it as well as all.
    const left = ["/v1/workflow*", "/v1/integration*", "/v1/knowledge*", "/v1/voice*", "/v1/phone*"].flatMap((glob) => ["--skip", glob]);
    const { code, report } = await verify("--spec", file, "--url", front.url, "--max-time", "90s", ...left);
    assert.equal(code, 1);
    assert.deepEqual(errors(report), [
      ...stateless, ...endless,
      "last_four_digits", // are "string"
      "link_integrity", // what a body names need not be there
      "response_schema_conformance", // what is recursive lacks required properties where Prism ends it
    ].toSorted());
    // Whether an empty value is null the document does not say; and nothing was left behind where nothing is kept.
    assert.ok(report.findings.some(({ check, severity, assumption }) => check === "negative_data_rejection" && severity === "warning" && assumption === "invalid_parameter"));
    assert.deepEqual(report.findings.filter(({ check }) => check === "left_behind"), []);
  } finally {
    await front.stop();
    await server.stop();
  }
});
