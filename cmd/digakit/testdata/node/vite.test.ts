// A frontend that Vite serves, with the whole API behind its proxy.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";

import { browserTest, hasBrowser, startBrowser } from "./browser.js";
import { startMock } from "./mock.js";
import { published } from "./shared.js";
import { compileFrontend, startVite } from "./vite.js";

/** frontend/life.ts, which compiles only once its document is known. */
type Life = { live(baseUrl: string, key: string, headers?: Record<string, string>): Promise<number> };

const key = "diga-mock-unrestricted-0001";
const answered = "200 application/json";
const newest = published.at(-1);

/** What Sentry, OpenTelemetry and older libraries add to each request. */
const added = {
  baggage: "sentry-environment=production",
  "sentry-trace": "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "vendor=1",
  "x-request-id": "7f3b",
  "X-Requested-With": "XMLHttpRequest",
};

describe("a frontend behind a proxy for /api", { skip: newest ? false : "not run: ../shared/diga is not there" }, () => {
  let mock: Awaited<ReturnType<typeof startMock>>;
  let vite: Awaited<ReturnType<typeof startVite>>;
  before(async () => {
    await compileFrontend(newest!.file);
    mock = await startMock("--spec", newest!.file);
    vite = await startVite(mock.url, { strip: true });
  });
  after(async () => {
    await vite.close();
    assert.equal(await mock.stop(), 0);
  });

  test("lives through the life of an agent and a call, in Node.js", async () => {
    const life: Life = await import(new URL("frontend/life.js", import.meta.url).href);
    assert.equal(await life.live(`${vite.url}/api`, key), 60);
  });

  describe("in a browser", () => {
    let browser: Browser;
    let page: Page;
    before(async () => {
      if (hasBrowser) browser = await startBrowser("--host-resolver-rules=MAP *.test 127.0.0.1");
    });
    after(() => browser?.close());
    beforeEach(async () => {
      page = await browser?.newPage();
    });
    afterEach(() => page?.close());

    const live = (baseUrl: string) =>
      page.evaluate(async ({ module, ...given }) => ((await import(module)) as Life).live(given.baseUrl, given.key, given.added), {
        module: "/life.ts",
        baseUrl,
        key,
        added,
      });

    /** What a page gets that asks for keys with credentials: status and type, or that the browser refused. */
    const ask = (url: string) =>
      page.evaluate(
        ({ url, key, added }) =>
          fetch(url, { credentials: "include", headers: { ...added, Authorization: `Bearer ${key}` } }).then(
            async (answer) => `${answer.status} ${answer.headers.get("content-type")}`,
            () => "refused",
          ),
        { url, key, added },
      );

    browserTest("lives through it with the headers of Sentry and OpenTelemetry", async () => {
      await page.goto(vite.url);
      assert.equal(await live("/api"), 60);
    });

    browserTest("lives through it at the mock's own origin, after preflights", async () => {
      await page.goto(vite.url);
      assert.equal(await live(mock.url), 60);
    });

    browserTest("may ask with credentials from a loopback origin", async () => {
      await page.goto(vite.url);
      assert.equal(await ask(`${mock.url}/v1/api_key/`), answered);
    });

    browserTest("may not ask with credentials from an origin that is not allowed", async () => {
      await page.goto(vite.url.replace("127.0.0.1", "frontend.test"));
      assert.equal(await ask(`${mock.url}/v1/api_key/`), "refused");
    });

    browserTest("may ask with credentials from an origin that is allowed", async (t) => {
      const origin = vite.url.replace("127.0.0.1", "frontend.test");
      const allowing = await startMock("--allow-origin", origin);
      t.after(allowing.stop);
      await page.goto(origin);
      assert.equal(await ask(`${allowing.url}/v1/api_key/`), answered);
    });

    browserTest("is led to a path's slash below a prefix that the proxy leaves", async (t) => {
      const below = await startMock("--spec", newest!.file, "--prefix", "/api");
      t.after(below.stop);
      const proxy = await startVite(below.url, { strip: false });
      t.after(proxy.close);
      await page.goto(proxy.url);
      assert.equal(await ask("/api/v1/api_key"), answered);
      assert.equal(await live("/api"), 60);
    });

    browserTest("reaches a path without its slash where the proxy takes the prefix away", async (t) => {
      const serving = await startMock("--profile", fileURLToPath(new URL("../slash.yaml", import.meta.url)));
      t.after(serving.stop);
      const proxy = await startVite(serving.url, { strip: true });
      t.after(proxy.close);
      await page.goto(proxy.url);
      assert.equal(await ask("/api/v1/api_key"), answered);
    });
  });
});
