import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Locator, Page } from "playwright-core";

import { startBrowser } from "./browser.js";
import { startMock } from "./mock.js";

const screens = fileURLToPath(new URL("screens/", import.meta.url)); // kept by CI
mkdirSync(screens, { recursive: true });

/** The well-known key of the project demo that may do everything. */
export const admin = "diga-mock-unrestricted-0001";

/** The heading of each page, by its path, and text that shows that it is there. */
export const pages: Record<string, [heading: string, content: RegExp]> = {
  "/_mock/": ["API Keys", /of \d+ keys/],
  "/_mock/console/collections": ["Collections", /No collection|Create item/],
  "/_mock/console/requests": ["Requests", /^\d+ requests?$/],
  "/_mock/console/faults": ["Faults and clock", /Everything works/],
  "/_mock/console/coverage": ["Plan and coverage", /of the document exercised/],
  "/_mock/console/reference": ["API reference", /List api keys|api_key/i],
};

/** A mock, and a browser on its console. Errors at an address that expected matches are no news. */
export async function openConsole(expected: RegExp, ...args: string[]) {
  const mock = await startMock(...args);
  const browser = await startBrowser();
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    timezoneId: "Asia/Kolkata",
    permissions: ["clipboard-read", "clipboard-write"],
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  const wrong: string[] = []; // what the browser told of the pages
  context.on("weberror", (error) => wrong.push(error.error().message));
  context.on("console", (message) => {
    if (message.type() === "error" && !expected.test(message.location().url)) wrong.push(`${message.text()} ${message.location().url}`);
  });
  context.on("dialog", (dialog) => {
    wrong.push(`a native ${dialog.type()}: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    mock,
    browser,
    context,
    wrong,
    async close() {
      await browser.close();
      assert.equal(await mock.stop(), 0);
    },
    /** Opens a page of the console in a tab of its own, for as long as it is used. */
    tab: async (address: string, use: (page: Page) => Promise<void>) => {
      const page = await context.newPage();
      await page.goto(new URL(address, mock.url).href);
      await use(page);
      await page.close();
    },
    /** What the API answers to a key, as status. */
    ask: async (key: string | undefined, path = "/v1/api_key/", method = "GET") =>
      (await fetch(mock.url + path, { method, headers: key ? { Authorization: `Bearer ${key}` } : {} })).status,
    /** What the control API answers about the project demo. */
    control: async <T>(path: string, body?: object, method = body ? "POST" : "GET") => {
      const answer = await fetch(`${mock.url}/_mock/projects/demo/${path}`, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
      });
      assert.ok(answer.ok, await answer.clone().text());
      return (answer.status === 204 ? undefined : await answer.json()) as T;
    },
  };
}

export type Console = Awaited<ReturnType<typeof openConsole>>;

export const shown = (what: Locator) => what.first().waitFor();
export const gone = (what: Locator) => what.first().waitFor({ state: "detached" });

/** Waits until a check is true, for what no locator can wait for. */
export async function eventually(check: () => Promise<boolean>) {
  for (const end = Date.now() + 20_000; !(await check()); await new Promise((resolve) => setTimeout(resolve, 20))) {
    assert.ok(Date.now() < end, `never: ${check}`);
  }
}

/**
 * Fails when axe finds something serious in what a page shows, or it is wider than the window; keeps screenshots. In
 * light and dark, at 1440 and 360 px. Dark differs in nothing but colours, so that the rules about those do for it.
 */
export async function inspect(page: Page, name: string) {
  await page.evaluate(axe.source);
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${screens}${name.replaceAll(" ", "-")}-${width}-${colorScheme}.png` });
      const { wide, violations } = await page.evaluate(async (rules) => ({
        wide: document.documentElement.scrollWidth > innerWidth,
        violations: (await (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"], ...rules })).violations,
      }), colorScheme === "dark" ? { runOnly: ["color-contrast", "link-in-text-block"] } : {});
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, nodes }) => `${name}, ${width} px, ${colorScheme}: ${id} ${nodes[0]?.html}`), []);
      assert.ok(!wide, `${name} is wider than ${width} px`);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
}
