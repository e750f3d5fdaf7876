// The console in a browser: by keyboard, by its address, and of another document.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "node:test";
import type { Page } from "playwright-core";

import { browserTest, hasBrowser } from "./browser.js";
import { admin, type Console, eventually, gone, openConsole, pages, shown } from "./console.js";
import { published } from "./shared.js";

const newest = published.at(-1);
const injected = "<img src=x onerror=alert(1)>";
const file = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** What has the focus: its role or tag, and its name or text. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return `${at?.getAttribute("role") ?? at?.tagName.toLowerCase()} ${at?.getAttribute("aria-label") ?? (at as HTMLElement).innerText?.trim()}`;
  });

/** Presses Tab, or another key, until what has the focus is called so. */
async function press(page: Page, key: string, until: RegExp) {
  const seen = [];
  for (let i = 0; i < 80; i++) {
    const now = await focused(page);
    if (until.test(now)) return;
    seen.push(now);
    await page.keyboard.press(key);
  }
  assert.fail(`${key} never led to ${until}, but to ${seen.join("; ")}`);
}

test("The bundle is what the console's modules make.", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  try {
    await promisify(execFile)("sh", [file("../../../../../mockserver/console/bundle.sh"), file("../node_modules/.bin/esbuild"), folder]);
    for (const name of ["console.js", "console.css"]) {
      const committed = await readFile(file(`../../../../../mockserver/console/assets/${name}`), "utf8");
      assert.ok(committed === (await readFile(join(folder, name), "utf8")), `${name} is not what app/ makes: run \`make bundle\``);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe("the pages of the console", () => {
  let open: Console;
  before(async () => {
    if (hasBrowser) open = await openConsole(/nothing is expected/, ...(newest ? ["--spec", newest.file] : []));
  });
  after(() => open?.close());

  const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

  browserTest("The focus never gets lost: where what has it goes away, it moves to what stands beside it.", async () => {
    await open.tab("/_mock/?search=seen", async (page) => {
      for (const name of ["Seen", "Seen 2", "Seen 3"]) await open.control("api_keys", { name });
      await page.reload();
      const closed = async (act: () => Promise<void>, then: string) => {
        await act();
        await eventually(async () => (await page.getByRole("dialog").or(page.getByRole("alertdialog")).count()) === 0);
        await eventually(async () => (await focused(page)) === then);
      };
      const choose = async (action: string) => {
        await button(page, "Actions for Seen 2").press("Enter");
        for (let at = ""; at !== `menuitem ${action}`; at = await focused(page)) await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
      };
      await shown(button(page, "Actions for Seen 2"));
      await button(page, "Create API Key").press("Enter");
      await closed(() => page.keyboard.press("Escape"), "button Create API Key");
      await button(page, "Actions for Seen 2").press("Enter");
      await closed(() => page.keyboard.press("Escape"), "button Actions for Seen 2");
      await choose("Delete");
      await closed(() => button(page, "Cancel").press("Enter"), "button Actions for Seen 2");
      if (newest) {
        await choose("Edit");
        await closed(() => button(page, "Save").press("Enter"), "button Actions for Seen 2");
      }
      await choose("Delete");
      await closed(() => button(page, "Delete").press("Enter"), "button Actions for Seen");
      await button(page, "Create API Key").press("Enter");
      await page.getByRole("textbox", { name: "Name" }).fill("Seen 4");
      await page.keyboard.press("Enter");
      await shown(page.getByText("not be shown again"));
      await closed(() => page.keyboard.press("Escape"), "button Create API Key");
    });
    await open.tab("/_mock/?page=2", async (page) => {
      await button(page, /^Next/).press("Enter");
      await shown(page.getByText(/^4\d–/));
      await eventually(async () => /^button (Previous|Next)/.test(await focused(page)));
    });
    if (!newest) return;
    await open.tab("/_mock/console/collections?collection=agent", async (page) => {
      await button(page, "Create item").press("Enter");
      await eventually(async () => /^h2 /.test(await focused(page)));
      await button(page, "Delete").press("Enter");
      await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).press("Enter");
      await eventually(async () => (await focused(page)) === "button Delete");
      await button(page, "Edit JSON").press("Enter");
      await button(page, "Save").press("Enter");
      await eventually(async () => /^(button|h1) /.test(await focused(page)));
      await button(page, "Delete").press("Enter");
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).press("Enter");
      await shown(button(page, "Create item"));
      await eventually(async () => (await focused(page)) === "h1 Collections");
    });
  });

  browserTest("Faults, clock and state work by keyboard from end to end.", async () => {
    await open.tab("/_mock/console/faults", async (page) => {
      const fault = page.getByRole("region", { name: "Faults" }).getByRole("listitem");
      await shown(page.getByText("Everything works"));
      for (const [times, error] of [["2", "503"], ["1", "500"]]) {
        await press(page, "Tab", /^button Add a fault/);
        await page.keyboard.press("Enter");
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox", { name: "With the query" }).press("a");
        await page.keyboard.press("Backspace");
        await page.keyboard.type(`fault=${error}`);
        for (const [field, value] of [["Status", error], ["Times", times]]) {
          const input = dialog.getByRole("spinbutton", { name: field! });
          for (let i = 0; i < 40 && !(await input.evaluate((e) => e === document.activeElement)); i++) await page.keyboard.press("Tab");
          await page.keyboard.press("Control+a");
          await page.keyboard.type(value!);
        }
        await page.keyboard.press("Enter");
        await gone(dialog);
        await eventually(async () => (await focused(page)) === "button Add a fault");
      }
      await shown(fault.getByText("2 of 2 left"));
      assert.equal(await open.ask(admin, "/v1/api_key/?fault=503"), 503);
      await shown(fault.getByText("1 of 2 left")); // as calls come
      assert.equal(await open.ask(admin, "/v1/api_key/?fault=500"), 500);
      await shown(fault.getByText("0 of 1 left"));
      await press(page, "Tab", /^button Remove fault/i);
      await page.keyboard.press("Enter");
      await eventually(async () => (await fault.count()) === 1);
      await eventually(async () => /^button Remove/.test(await focused(page))); // of the other
      await page.keyboard.press("Enter");
      await shown(page.getByText("Everything works"));
      await eventually(async () => (await focused(page)) === "h1 Faults and clock");
      assert.equal(await open.ask(admin, "/v1/api_key/?fault=503"), 200);

      type Clock = { now: string; frozen: boolean };
      await press(page, "Tab", /^button Freeze/);
      await page.keyboard.press("Enter");
      await shown(page.getByText("Frozen"));
      const { now } = await open.control<Clock>("clock");
      await press(page, "Tab", /^button \+1 day/);
      await page.keyboard.press("Enter");
      await eventually(async () => Date.parse((await open.control<Clock>("clock")).now) - Date.parse(now) === 86_400_000);
      await press(page, "Shift+Tab", /^button Run/);
      await page.keyboard.press("Enter");
      await shown(page.getByText("Running"));

      type Keys = { total: number };
      const { total } = await open.control<Keys>("api_keys");
      await press(page, "Tab", /^button Take a snapshot/);
      await page.keyboard.press("Enter");
      await shown(page.getByText(/^Taken/));
      await open.control("api_keys", { name: "After the snapshot" });
      await press(page, "Tab", /^button Restore$/);
      await page.keyboard.press("Enter");
      await page.getByRole("alertdialog").getByRole("button", { name: "Restore" }).press("Enter");
      await gone(page.getByRole("alertdialog"));
      assert.equal((await open.control<Keys>("api_keys")).total, total);
      await eventually(async () => (await focused(page)) === "h1 Faults and clock");

      await open.control("api_keys", { name: "Before the reset" });
      await press(page, "Tab", /^button Reset the project/);
      await page.keyboard.press("Enter");
      await page.getByRole("alertdialog").getByRole("button", { name: "Reset" }).press("Enter");
      await gone(page.getByRole("alertdialog"));
      assert.equal((await open.control<Keys>("api_keys")).total, 60);
    });
  });

  browserTest("A request without a valid key says what was sent: an invalid key, masked, or none.", async () => {
    await open.tab("/_mock/console/requests", async (page) => {
      const row = (probe: string) => page.getByRole("row").filter({ hasText: `probe=${probe}` });
      await shown(page.getByRole("status").getByText("Live"));
      await open.ask("sk-0123456789abcdef-wxyz", "/v1/api_key/?probe=unknown");
      await open.ask("short", "/v1/api_key/?probe=short");
      await open.ask(undefined, "/v1/api_key/?probe=nothing");
      await open.ask(admin, "/v1/api_key/?probe=valid");
      for (const [probe, key] of [["unknown", /invalid …wxyz/], ["short", /invalid …(?!\w)/], ["nothing", /no key/], ["valid", /…0001/]] as const) {
        await shown(row(probe));
        assert.match(await row(probe).innerText(), key);
      }
      const filter = page.getByRole("combobox", { name: "Key" });
      await filter.selectOption("Invalid key");
      await gone(row("nothing"));
      await shown(row("unknown"));
      await filter.selectOption("No key");
      await shown(row("nothing"));
      await gone(row("unknown"));
      await row("nothing").getByRole("link").click();
      await shown(page.getByRole("region", { name: "Exchange" }).getByText("No key was sent"));
      await button(page, "Close the exchange").click();
      await page.setViewportSize({ width: 360, height: 900 });
      await eventually(async () => {
        const [all, status] = await Promise.all([row("nothing").boundingBox(), row("nothing").getByText("403").boundingBox()]);
        return !!all && !!status && status.x + status.width <= all.x + all.width; // not cut off by a narrow row
      });
    });
  });

  browserTest("Ten thousand requests are a few rows in the page, and a lost connection is said and made anew.", async () => {
    const page = await open.context.newPage();
    const exchange = { time: "2026-01-01T00:00:00Z", duration_ns: 1, request: { method: "GET", path: "/", headers: {} }, response: { status: 200, headers: {} }, violations: [] };
    let asked = 0;
    await page.route("**/projects/demo/events", async (route) => {
      const most = asked++ === 0 ? 10_000 : 10_001; // what the server sends before it drops the connection
      const events = [];
      for (let id = asked === 1 ? 5001 : 15_001; id <= most + 5000; id++) events.push(`id: ${id}\nevent: exchange\ndata: ${JSON.stringify({ ...exchange, id })}\n\n`);
      if (asked > 2) return; // stays open
      if (asked === 2) events.push(`id: 15001\nevent: dropped\ndata: {"dropped":7}\n\n`);
      await route.fulfill({ contentType: "text/event-stream", body: events.join("") });
    });
    await page.goto(`${open.mock.url}/_mock/console/requests`);
    await shown(page.getByText("10,000 requests"));
    await shown(page.getByText("Reconnecting"));
    await eventually(async () => asked > 2);
    await shown(page.getByText("7 requests came faster than this page could follow"));
    const rows = page.getByRole("row"); // while the route is there: without it the third stream would go on to the mock, which has other rows
    const box = page.getByRole("table", { name: /requests/i }).locator("..");
    for (const position of [0, 0.5, 1]) {
      await box.evaluate((element, position) => (element.scrollTop = position * element.scrollHeight), position);
      await eventually(async () => {
        const indices = await rows.evaluateAll((all) => all.map((row) => Number(row.getAttribute("aria-rowindex"))));
        return position === 0 ? indices.includes(2) : indices.some((i) => i > 9_000 * position);
      });
      const count = await rows.count();
      assert.ok(count > 10 && count < 80, `${count} rows at ${position}`);
    }
    await page.close();
  });

  browserTest("The address keeps what is shown, and who looks, on every page.", async () => {
    const item = newest && (await open.control<{ items: { id: string }[] }>("collections/agent")).items[0]?.id;
    const kept: [address: string, text: RegExp][] = [
      ["/_mock/?search=book&rows=50", /of \d+ keys?/],
      ["/_mock/console/requests?path=probe&status=403", /\d+ of \d+ requests/],
      ["/_mock/console/coverage?search=api_key&basis=handwritten", /\d+ of \d+ operations?/],
      ["/_mock/console/faults", /Take a snapshot/],
      ...(item ? [[`/_mock/console/collections?collection=agent&item=${item}`, new RegExp(`"${item}"`)] as [string, RegExp]] : []),
    ];
    await Promise.all(
      kept.map(([address, text]) =>
        open.tab(`${address}${address.includes("?") ? "&" : "?"}as=administrator`, async (page) => {
          const main = page.getByRole("main");
          await shown(main.getByText(text));
          const before = [page.url(), await main.getByText(text).first().innerText()];
          await page.reload();
          await shown(main.getByText(text));
          assert.deepEqual([page.url(), await main.getByText(text).first().innerText()], before);
        }),
      ),
    );
    await Promise.all(
      Object.entries(pages).map(([path, [heading, content]]) =>
        open.tab(`${path}?as=member`, async (page) => {
          await shown(page.getByRole("heading", { name: heading, level: 1 }));
          await shown(page.getByRole("main").getByText(heading === "API Keys" ? /administrators/ : content));
          assert.equal(await page.getByRole("combobox", { name: "View as" }).inputValue(), "member");
          const keys = page.getByRole("navigation").getByRole("link", { name: "API Keys" });
          await keys.click(); // the section is closed to members from every page
          await shown(page.getByText("This section is for administrators"));
          assert.equal(await page.getByRole("columnheader", { name: "Key ID" }).count(), 0);
        }),
      ),
    );
  });

  browserTest("Nothing breaks the content security policy, fails, or asks in a native dialog.", async () => {
    assert.deepEqual(open.wrong, []);
  });
});

describe("the console of another document, below a prefix", () => {
  let open: Console;
  let page: Page;
  before(async () => {
    if (!hasBrowser) return;
    open = await openConsole(/nothing is expected/, "--spec", file("../library.yaml"), "--prefix", "/api");
    page = await open.context.newPage();
  });
  after(() => open?.close());
  const link = (name: string | RegExp) => page.getByRole("link", { name });

  browserTest("Its collections, with markup in a name as text.", async () => {
    const { items } = await open.control<{ items: { id: string }[] }>("collections/shelves.books");
    await open.control(`collections/shelves.books/${items[0]!.id}`, { title: injected }, "PATCH");
    await page.goto(`${open.mock.url}/`);
    await link("Collections").click();
    await page.getByRole("row").filter({ hasText: injected }).getByRole("link").click();
    await shown(page.getByRole("main").getByText(JSON.stringify(injected)));
    assert.equal(await page.locator("img[src=x]").count(), 0);
  });

  browserTest("Its requests, with a curl that works.", async () => {
    await link("Requests").click();
    await shown(page.getByRole("status").getByText("Live"));
    const answer = await fetch(`${open.mock.url}/api/shelves/books`, { headers: { "X-Api-Key": "any-card-0123456789" } });
    assert.equal(answer.status, 200);
    assert.ok((await answer.text()).includes(injected));
    await link("/api/shelves/books").click();
    await shown(page.getByText(`curl '${open.mock.url}/api/shelves/books'`));
    await shown(page.getByRole("region", { name: "Answer body" }).getByText(JSON.stringify(injected)));
    assert.equal(await page.locator("img[src=x]").count(), 0);
  });

  browserTest("Its plan, and its reference, which calls the mock below the prefix.", async () => {
    await link("Plan and coverage").click();
    await shown(page.getByRole("row").filter({ hasText: "/shelves/books" }));
    await link("API reference").click();
    await page.getByRole("button", { name: "get /shelves/books", exact: true }).click();
    const called = page.waitForResponse(`${open.mock.url}/api/shelves/books`);
    await page.getByRole("button", { name: "Execute" }).click();
    assert.equal((await called).status(), 200);
  });

  browserTest("Nothing breaks the content security policy, fails, or asks in a native dialog.", async () => {
    assert.deepEqual(open.wrong, []);
  });
});
