// What the console's pages call their parts: people find them by role and accessible name, and so do tests that others write.
import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import type { Page } from "playwright-core";

import { browserTest, hasBrowser } from "./browser.js";
import { type Console, eventually, gone, openConsole, shown } from "./console.js";
import { published } from "./shared.js";

const newest = published.at(-1);
type Role = Parameters<Page["getByRole"]>[0];

/** Each page by its link, and its parts: a name is exact, a pattern is how it begins. */
const pages: Record<string, [role: Role, name: string | RegExp][]> = {
  "API Keys": [["searchbox", "Search keys by name"], ["button", "Create API Key"], ["table", ""], ["button", /^Previous/], ["button", /^Next/], ["combobox", "Rows"]],
  Collections: [["navigation", "Collections"], ["button", "Create item"], ["searchbox", /^Search .+ items/], ["table", /^Items of /], ["columnheader", "ID"]],
  Requests: [["combobox", "Status"], ["combobox", "Key"], ["combobox", "Operation"], ["button", "Pause"], ["button", "Clear"]],
  "Faults and clock": [["button", "Add a fault"], ["button", /^Freeze/], ["button", "+1 day"], ["button", "Take a snapshot"], ["button", "Reset the project"], ["button", "Reset everything"]],
  "Plan and coverage": [["searchbox", /search/i], ["table", /./], ["columnheader", "Operation"]],
  "API reference": [],
};

describe("the names in the console", () => {
  let open: Console, page: Page;
  before(async () => {
    if (!hasBrowser) return;
    open = await openConsole(/nothing is expected/, ...(newest ? ["--spec", newest.file] : []));
    page = await open.context.newPage();
    await page.goto(open.mock.url);
  });
  after(() => open?.close());
  const link = (name: string) => page.getByRole("navigation", { name: "Console" }).getByRole("link", { name });

  for (const [name, parts] of Object.entries(pages)) {
    browserTest(`${name}: its link, heading, landmarks and parts`, async () => {
      assert.ok(await link(name).isVisible());
      await link(name).click();
      await shown(page.getByRole("heading", { name, level: 1 }));
      assert.equal(await page.getByRole("main").count(), 1);
      assert.equal(await link(name).getAttribute("aria-current"), "page");
      assert.equal(await page.locator("html").getAttribute("lang"), "en");
      await eventually(async () => (await page.title()).startsWith(name));
      for (const part of ["Project", "View as"]) await shown(page.getByRole("combobox", { name: part, exact: true }));
      if (name === "Collections" && !newest) return; // the embedded document has none
      for (const [role, part] of parts) await shown(page.getByRole(role, { name: part, ...(typeof part === "string" && part && { exact: true }) }));
    });
  }

  browserTest("The switches of every page: Project, with each project, and View as, with each role", async () => {
    await open.control("../../projects", { name: "other", keys: 3 });
    await link("API Keys").click();
    await page.reload();
    const project = page.getByRole("combobox", { name: "Project", exact: true });
    const role = page.getByRole("combobox", { name: "View as", exact: true });
    await eventually(async () => (await project.getByRole("option").allInnerTexts()).join() === "demo,other");
    assert.equal(await project.inputValue(), "demo");
    assert.deepEqual(await role.getByRole("option").allInnerTexts(), ["Administrator", "Member", "Reader"]);
    await page.getByText(/of 60 keys/).waitFor();
    await project.selectOption("other");
    await page.getByText(/of 3 keys/).waitFor();
    await page.reload(); // the project survives
    await page.getByText(/of 3 keys/).waitFor();
    for (const name of ["Collections", "Requests", "Faults and clock", "Plan and coverage"]) {
      await link(name).click(); // other pages are of the same project
      await shown(page.getByRole("heading", { name, level: 1 }));
      assert.equal(await project.inputValue(), "other");
    }
    await project.selectOption("demo");
    await link("API Keys").click();
    await page.getByText(/of 60 keys/).waitFor();
  });

  browserTest("One search, above the table; a search for nothing leaves no table", async () => {
    const search = page.getByRole("searchbox").or(page.getByRole("textbox")).or(page.getByRole("combobox", { name: /search/i }));
    assert.equal(await search.count(), 1);
    const [above, table] = await Promise.all([search.boundingBox(), page.getByRole("table").boundingBox()]);
    assert.ok(above && table && above.y + above.height <= table.y, JSON.stringify([above, table]));
    await search.fill("no key is called so");
    await shown(page.getByText(/no keys match/i));
    await gone(page.getByRole("table"));
    await search.fill("");
    await shown(page.getByRole("table"));
  });

  browserTest("Only the dialog in use can be reached; Escape and its buttons close it", async () => {
    const dialogs = page.getByRole("dialog").or(page.getByRole("alertdialog"));
    const dialog = (name: RegExp) => dialogs.and(page.getByRole("dialog", { name }).or(page.getByRole("alertdialog", { name })));
    const button = (name: string | RegExp) => page.getByRole("button", { name });
    const only = async (name: RegExp) => {
      await shown(dialog(name));
      assert.equal(await dialogs.count(), 1);
      assert.ok(await dialogs.evaluate((dialog) => dialog.matches(":modal")), "what lies behind is out of reach");
    };
    await button("Create API Key").click();
    await only(/^Create API Key$/);
    await page.keyboard.press("Escape");
    await gone(dialogs);
    await button("Create API Key").click();
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Names");
    await button("Save").click();
    await only(/^Your API key is ready$/);
    await page.keyboard.press("Escape");
    await gone(dialogs);
    await button("Actions for Names").click();
    assert.deepEqual(await page.getByRole("menuitem").allInnerTexts(), [...(newest ? ["Edit"] : []), "Copy key ID", "Delete"]);
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await only(/^Delete Names\?$/);
    await button("Delete").click();
    await gone(dialogs);
    const { api_keys } = await open.control<{ api_keys: { name: string }[] }>("api_keys?search=Names");
    assert.deepEqual(api_keys, []);
  });

  browserTest("Collections: each by its name, and an item by the first link of its row", async () => {
    if (!newest) return; // the embedded document has none
    const { collections } = await open.control<{ collections: { name: string; items: number }[] }>("collections");
    await link("Collections").click();
    const list = page.getByRole("navigation", { name: "Collections" });
    await shown(list.getByRole("link"));
    assert.deepEqual(await list.getByRole("link").allInnerTexts().then((all) => all.map((text) => text.split(/\s/)[0])), collections.map((c) => c.name));
    for (const { name, items } of [collections[0]!, collections.at(-1)!].filter((c) => c.items > 0)) {
      await list.getByRole("link", { name: `${name} ${items}`, exact: true }).click();
      await shown(page.getByRole("table", { name: `Items of ${name}`, exact: true }));
      await page.getByRole("row").nth(1).getByRole("link").first().click();
      await shown(page.getByRole("region", { name: "Item", exact: true }).getByText(/"\w+": /));
    }
  });

  browserTest("API reference: each operation by its method and path", async () => {
    const document_ = (await (await fetch(`${open.mock.url}/_mock/openapi.json`)).json()) as { paths: Record<string, Record<string, object>> };
    const operations = Object.entries(document_.paths).flatMap(([path, item]) =>
      Object.keys(item).filter((method) => /^(get|put|post|delete|options|head|patch|trace)$/.test(method)).map((method) => `${method.toUpperCase()} ${path}`),
    );
    await link("API reference").click();
    await shown(page.locator(".opblock"));
    const texts = await page.locator(".opblock-summary").allInnerTexts();
    const found = texts.map((text) => text.replace(/\u200b/g, "").split(/\s+/).slice(0, 2).join(" "));
    assert.deepEqual(found.sort(), operations.sort());
  });

  browserTest("Nothing breaks the content security policy, fails, or asks in a native dialog.", async () => {
    assert.deepEqual(open.wrong, []);
  });
});
