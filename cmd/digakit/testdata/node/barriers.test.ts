// Each page, dialog and state of the console for everybody's eyes: by axe, by screenshots, by where the focus can be seen.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import type { Locator, Page } from "playwright-core";

import { browserTest, hasBrowser } from "./browser.js";
import { admin, type Console, eventually, gone, inspect, openConsole, pages, shown } from "./console.js";
import { startMock } from "./mock.js";
import { published } from "./shared.js";

const newest = published.at(-1);

/** Whether people see it: nothing has cut it off. */
const inSight = (what: Locator) =>
  what.evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return [top + 2, bottom - 2].every((y) => element.contains(document.elementFromPoint((left + right) / 2, y)));
  });

describe("what can be seen of the console", () => {
  let open: Console;
  before(async () => {
    if (hasBrowser) open = await openConsole(/\/(api_keys|call)\/|\/(api_keys|faults|health|projects)(\?|$)/, ...(newest ? ["--spec", newest.file] : []));
  });
  after(() => open?.close());
  const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

  browserTest("No page has a serious barrier.", async () => {
    await open.ask(admin, "/v1/api_key/?limit=0");
    // One after the other: all at once the longest takes longer than it may on two cores.
    for (const [path, [heading, content]] of Object.entries(pages)) {
      await open.tab(path, async (page) => {
        await shown(page.getByRole("heading", { name: heading, level: 1 }));
        await shown(page.getByRole("main").getByText(content));
        await inspect(page, heading);
      });
    }
  });

  browserTest("No dialog, and nothing that opens in a page, has a serious barrier.", async () => {
    const item = newest && (await open.control<{ items: { id: string }[] }>("collections/call")).items[0]?.id;
    await Promise.all([
      open.tab("/_mock/", async (page) => {
        const dialog = page.getByRole("dialog");
        await button(page, "Create API Key").click();
        await inspect(page, "key form");
        await dialog.getByRole("textbox", { name: "Name" }).fill("Seen");
        await page.getByRole("switch", { name: "Restrict key" }).press("Space");
        await inspect(page, "restricted key form");
        await button(page, "Save").click();
        await shown(dialog.getByText("not be shown again"));
        await inspect(page, "new key");
        await button(page, "Done").click();
        await gone(dialog);
        await page.getByRole("button", { name: "Actions for Seen" }).click();
        await inspect(page, "key menu");
        await page.getByRole("button", { name: "Actions for Seen" }).click(); // a window of another size has closed it
        await page.getByRole("menuitem", { name: "Delete" }).click();
        await shown(page.getByRole("alertdialog").getByText(/journal used it/));
        await inspect(page, "delete a key");
        await button(page, "Cancel").click();
        await gone(page.getByRole("alertdialog"));
        if (!newest) return;
        await page.getByRole("button", { name: "Actions for Seen" }).click();
        await page.getByRole("menuitem", { name: "Edit" }).click();
        await inspect(page, "edit a key");
      }),
      open.tab("/_mock/?as=member", (page) => inspect(page, "member")),
      open.tab("/_mock/?search=nobody", async (page) => {
        await shown(page.getByText(/no keys match/i));
        await inspect(page, "no key found");
      }),
      open.tab("/_mock/console/faults", async (page) => {
        await button(page, "Add a fault").click();
        await shown(page.getByRole("dialog"));
        await inspect(page, "fault form");
        await page.keyboard.press("Escape");
        await button(page, "Take a snapshot").click();
        await button(page, /^Restore$/).click();
        await inspect(page, "restore a snapshot");
      }),
      open.tab("/_mock/console/requests", async (page) => {
        await page.getByRole("link", { name: "limit=0" }).click();
        await shown(page.getByRole("region", { name: "Exchange" }).getByText(/curl/));
        await inspect(page, "exchange");
        await button(page, "Close the exchange").click();
        await button(page, "Clear").click();
        await inspect(page, "clear the journal");
      }),
      open.tab("/_mock/console/coverage", async (page) => {
        await page.getByRole("searchbox").fill("api_key");
        await page.getByRole("row").nth(1).getByRole("button").click();
        await shown(page.getByText("Why:"));
        await inspect(page, "operation");
      }),
      ...(item
        ? [
            open.tab(`/_mock/console/collections?collection=call&item=${item}`, async (page) => {
              await shown(page.getByRole("heading", { name: item }));
              await inspect(page, "item");
              await button(page, "Edit JSON").click();
              await inspect(page, "item editor");
              await button(page, "Delete").click();
              await inspect(page, "delete an item");
            }),
          ]
        : []),
    ]);
  });

  browserTest("Nothing that goes wrong, and nothing that is empty, has a serious barrier; forms keep what they hold.", async () => {
    const broken = { status: 500, contentType: "application/problem+json", body: JSON.stringify({ title: "Broken", status: 500, detail: "the disk is full" }) };
    const items = newest && (await open.control<{ items: { id: string }[] }>("collections/call")).items;
    await open.control("../../projects", { name: "empty", keys: 1 });
    const [only] = (await open.control<{ api_keys: { id: string }[] }>("../empty/api_keys")).api_keys;
    await open.control(`../empty/api_keys/${only!.id}`, undefined, "DELETE");
    await Promise.all([
      open.tab("/_mock/?project=empty", async (page) => {
        await shown(page.getByText("No API keys yet"));
        await inspect(page, "no keys");
      }),
      open.tab("/_mock/console/coverage", async (page) => {
        await page.route("**/api_keys*", (route) => route.fulfill(broken));
        await page.getByRole("link", { name: "API Keys" }).click();
        await shown(page.getByRole("alert").getByText("the disk is full"));
        await inspect(page, "keys not loaded");
        await page.unroute("**/api_keys*");
        await button(page, "Try again").click();
        await shown(page.getByText(/of \d+ keys/));
        await page.route("**/api_keys/**", (route) => route.fulfill(broken));
        await button(page, /^Actions for/).first().click();
        await page.getByRole("menuitem", { name: "Delete" }).click();
        await button(page, "Delete").click();
        await shown(page.getByRole("alertdialog").getByText("the disk is full"));
        await inspect(page, "key not deleted");
      }),
      open.tab("/_mock/", async (page) => {
        await button(page, "Create API Key").click();
        await button(page, "Save").click();
        await shown(page.getByText("Enter a name."));
        await page.getByRole("textbox", { name: "Name" }).fill("Kept");
        await page.getByRole("switch").press("Space");
        await page.route("**/api_keys", (route) => route.fulfill(broken));
        await button(page, "Save").click();
        await shown(page.getByRole("alert").getByText("the disk is full"));
        await eventually(() => inSight(page.getByRole("alert")));
        await inspect(page, "key not saved");
        assert.equal(await page.getByRole("textbox", { name: "Name" }).inputValue(), "Kept");
      }),
      open.tab("/_mock/console/faults", async (page) => {
        await button(page, "Add a fault").click();
        const dialog = page.getByRole("dialog");
        for (const kind of ["Delay", "Broken connection", "Error"]) {
          await dialog.getByRole("radio", { name: kind }).press("Space");
          await inspect(page, `fault form ${kind}`);
        }
        const held = { "With the query": "page=2", Status: "99", Message: "closed", "Delay before it, in ms": "5", Times: "3", "After this many calls": "1", "Chance, in %": "50" };
        for (const [label, value] of Object.entries(held)) await dialog.getByLabel(label, { exact: true }).fill(value);
        await button(page, "Add the fault").click();
        await shown(dialog.getByRole("alert"));
        await eventually(() => inSight(dialog.getByRole("alert")));
        for (const [label, value] of Object.entries(held)) assert.equal(await dialog.getByLabel(label, { exact: true }).inputValue(), value, label);
        assert.ok(await dialog.getByRole("radio", { name: "Error" }).isChecked());
        await inspect(page, "fault not added");
        await dialog.getByLabel("Status", { exact: true }).fill("503");
        await button(page, "Add the fault").click();
        await gone(dialog);
        await shown(page.getByText("3 of 3 left"));
        await inspect(page, "a fault");
        await button(page, "Reset the project").click();
        await shown(page.getByRole("alertdialog").getByText(/cannot be undone/));
        await inspect(page, "reset the project");
        await page.keyboard.press("Escape");
        await button(page, "Reset everything").click();
        await shown(page.getByRole("alertdialog").getByText(/All projects/));
        await inspect(page, "reset everything");
      }),
      ...(items
        ? [
            open.tab(`/_mock/console/collections?collection=call&item=${items[1]!.id}`, async (page) => {
              await button(page, "Edit JSON").click();
              const editor = page.getByRole("textbox", { name: "JSON" });
              for (const text of ["no JSON", '{"status": "no such status"}']) {
                await editor.fill(text);
                await button(page, "Save").click();
                await shown(page.getByRole("alert").getByText("The item could not be saved."));
                assert.equal(await editor.inputValue(), text);
              }
              await inspect(page, "item not saved");
            }),
            open.tab(`/_mock/console/collections?collection=call&item=00000000-0000-4000-8000-000000000000`, async (page) => {
              await shown(page.getByRole("alert").getByText("The item could not be loaded."));
              await inspect(page, "no such item");
            }),
          ]
        : []),
    ]);
  });

  browserTest("A mock that asks for its token: the page says so, refuses a wrong one, and lets in with the right one.", async () => {
    const guarded = await startMock("--token", "only-for-this-test-0001");
    await open.tab(`${guarded.url}/_mock/`, async (page) => {
      await shown(page.getByRole("heading", { name: "This mock asks for its token" }));
      await inspect(page, "token");
      for (const [token, then] of [["wrong", page.getByRole("alert").getByText("This token was refused.")], ["only-for-this-test-0001", page.getByText(/of 60 keys/)]] as const) {
        await page.getByLabel("Token").fill(token);
        await button(page, "Open the console").click();
        await shown(then);
      }
    });
    assert.equal(await guarded.stop(), 0);
  });

  browserTest("Where the focus is can be seen, on each kind of control.", async () => {
    await open.control("faults", undefined, "DELETE");
    const kinds = new Set<string>();
    /** Goes through what Tab reaches, up to 60 stops. */
    const walk = async (page: Page) => {
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate(() => {
          const { activeElement: at } = document;
          if (!at || at === document.body) return undefined;
          const marked = getComputedStyle(at).opacity === "0" ? at.nextElementSibling! : at; // a switch or radio is drawn by what follows it
          const { outlineStyle, outlineWidth } = getComputedStyle(marked);
          return {
            kind: at.getAttribute("role") ?? (at instanceof HTMLInputElement ? at.type : at.tagName.toLowerCase()),
            html: at.outerHTML.slice(0, 120),
            seen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 1,
          };
        });
        if (!at) return;
        assert.ok(at.seen, `no outline: ${at.html}`);
        kinds.add(at.kind);
      }
    };
    for (const path of Object.keys(pages).filter((path) => !path.endsWith("reference"))) {
      await open.tab(path, async (page) => {
        await shown(page.getByRole("main").getByText(pages[path]![1]));
        await walk(page);
      });
    }
    await open.tab("/_mock/?search=booking", async (page) => {
      await button(page, /^Actions for/).first().press("Enter");
      await shown(page.getByRole("menu"));
      await page.keyboard.press("ArrowDown");
      assert.notEqual(await page.locator(":focus").evaluate((e) => getComputedStyle(e).boxShadow), "none");
      await page.keyboard.press("Escape");
      await button(page, "Create API Key").press("Enter");
      await page.getByRole("switch").press("Space");
      await page.getByRole("textbox", { name: "Name" }).focus();
      await walk(page);
    });
    await open.tab("/_mock/console/requests", async (page) => {
      await open.ask(admin, "/v1/api_key/?limit=3");
      await page.getByRole("link", { name: "limit=3" }).first().press("Enter");
      await shown(page.getByRole("region", { name: "Exchange" }));
      await button(page, "Close the exchange").focus();
      await walk(page);
    });
    for (const kind of ["a", "button", "select", "search", "text", "radio", "switch", "summary", "region"]) assert.ok(kinds.has(kind), `${kind} among ${[...kinds]}`);
  });

  browserTest("Nothing breaks the content security policy, fails but where it must, or asks in a native dialog.", async () => {
    assert.deepEqual(open.wrong, []);
  });
});
