// The console in a browser, found by role and name alone: each sentence of Diga's page about API keys is a step.
import assert from "node:assert/strict";
import { after, before, describe, type TestContext } from "node:test";
import type { Locator, Page } from "playwright-core";

import { browserTest, hasBrowser } from "./browser.js";
import { admin, type Console, eventually, gone, openConsole, shown } from "./console.js";
import { published } from "./shared.js";

const resources = [
  "Calls", "Messages", "Transcriptions", "Recordings", "Agents", "Conversational paths", "Knowledge bases", "Tools", "Voices", "Integrations",
  "Webhooks", "Contacts", "Statistics", "Verifications", "Phones", "Members", "Billing", "API Keys", "Notifications",
];

const newest = published.at(-1);
const documents = [
  { name: "one operation", args: [], whole: false },
  ...(newest ? [{ name: "the whole API", args: ["--spec", newest.file], whole: true }] : []),
];

for (const { name, args, whole } of documents) {
  describe(`the console of ${name}`, () => {
    let mock: Console["mock"], page: Page, ask: Console["ask"], control: Console["control"], open: Console;

    before(async () => {
      if (!hasBrowser) return;
      open = await openConsole(/\/api_keys$|\/collections\/call\//, ...args); // where steps let saving fail
      ({ mock, ask, control } = open);
      page = await open.context.newPage();
    });
    after(() => open?.close());

    const button = (name: string | RegExp, within: Page | Locator = page) => within.getByRole("button", { name });
    const rowOf = (name: string) => page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
    const search = (text: string) => page.getByRole("searchbox", { name: /search/i }).fill(text);

    /** Opens the actions of a key's row and chooses one. */
    const choose = async (key: string, action: string) => {
      await button(/actions/i, rowOf(key)).click();
      await page.getByRole("menuitem", { name: action }).click();
    };

    /** Creates a key with the open form, and returns its secret after closing the modal. */
    const save = async (copy: "copy" | "read" = "read") => {
      await button("Save").click();
      const modal = page.getByRole("dialog").filter({ hasText: "not be shown again" });
      await shown(modal);
      const secret = /[a-z]+-[\w-]{30,}/.exec(await modal.innerText())?.[0] ?? assert.fail(`no key in ${await modal.innerText()}`);
      if (copy === "copy") {
        await button(/copy/i, modal).click();
        await page.waitForFunction((secret) => navigator.clipboard.readText().then((text) => text === secret), secret);
      }
      await button("Done", modal).click();
      await gone(modal);
      return secret;
    };

    const step = (sentence: string, run: (t: TestContext) => Promise<void>) => browserTest(sentence, run);
    let query: string; // the secret of CRM_Query

    step("Access this section from Settings > Project > API Keys.", async () => {
      const answer = await page.goto(mock.url);
      assert.equal(new URL(page.url()).pathname, "/_mock/");
      assert.match(answer?.headers()["content-security-policy"] ?? "", /default-src 'none'/);
      await shown(page.getByRole("heading", { name: "API Keys" }));
      assert.match(await page.getByRole("main").innerText(), /Settings\W*Project\W*API Keys/);
      await shown(page.getByRole("navigation").getByRole("link", { name: "API Keys" }));
    });

    step("The main view shows a table with all API keys in the project.", async () => {
      for (const column of ["Name", "Key ID", "Key", "Creation date", "Permissions"]) {
        await shown(page.getByRole("columnheader", { name: column, exact: true }));
      }
      type Key = { id: string; name: string; last_four_digits: string; created_date: string; restricted: boolean };
      const [key] = (await control<{ api_keys: Key[] }>("api_keys")).api_keys;
      assert.ok(key);
      const row = page.getByRole("row").nth(1);
      const cells = await row.getByRole("cell").allInnerTexts();
      assert.equal(await row.getByRole("rowheader").innerText(), key.name);
      assert.equal(cells[0], key.id);
      assert.equal(cells[1], `••••••••${key.last_four_digits}`, "Key (masked for security)");
      assert.equal(cells[2], new Date(key.created_date).toLocaleDateString("en-US", { dateStyle: "medium", timeZone: "Asia/Kolkata" }));
      assert.match(await row.getByRole("time").getAttribute("title") ?? "", /\d\d:\d\d/);
      assert.match(cells[3] ?? "", key.restricted ? /^Restricted/ : /^Unrestricted/, "Key permissions (restricted or unrestricted)");
    });

    step("The table includes pagination when there are many keys.", async () => {
      const next = button(/^Next/);
      const ids = new Set<string>();
      for (;;) {
        let fresh: string[] = [];
        await eventually(async () => {
          fresh = (await page.getByRole("row").allInnerTexts()).flatMap((row) => /[0-9a-f]{8}-[-0-9a-f]{27}/.exec(row) ?? []);
          return fresh.length > 0 && fresh.every((id) => !ids.has(id));
        });
        for (const id of fresh) ids.add(id);
        if (await next.isDisabled()) break;
        await next.click();
      }
      assert.equal(ids.size, 60);
      await page.reload();
      await page.getByText(/–60 of 60/).waitFor(); // the page survives
      await page.getByRole("navigation").getByRole("link", { name: "API Keys" }).click();
    });

    step("Use the search bar at the top to find keys by name.", async () => {
      const { api_keys } = await control<{ api_keys: { name: string }[] }>("api_keys?search=booking");
      assert.ok(api_keys.length > 0 && api_keys.length < 20);
      await search("booking");
      await page.getByText(new RegExp(` of ${api_keys.length} key`)).waitFor();
      await eventually(async () => (await page.getByRole("row").count()) === api_keys.length + 1);
      await search("no key is called so");
      await page.getByText(/no keys match/i).waitFor();
      await search("");
      await page.getByText(/of 60 keys/).waitFor();
    });

    step("In the upper right corner, click Create API Key.", async () => {
      const create = button("Create API Key");
      const at = (await create.boundingBox()) ?? assert.fail();
      assert.ok(at.x > 720 && at.y < 300, JSON.stringify(at));
      await create.click();
      await shown(page.getByRole("dialog").getByRole("textbox", { name: "Name" }));
    });

    step("Unrestricted API keys represent a security risk.", async () => {
      const form = page.getByRole("dialog");
      await shown(form.getByText("Unrestricted API keys represent a security risk"));
      await shown(form.getByText("consider restricting access to only the necessary resources"));
    });

    step("Type a descriptive name to identify the key.", async () => {
      await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("CRM_Query");
    });

    step("Restrict key: Enable the toggle to configure granular permissions per resource.", async () => {
      const toggle = page.getByRole("switch", { name: "Restrict key" });
      assert.equal(await toggle.isChecked(), false);
      assert.equal(await page.getByRole("radiogroup", { name: "Calls" }).count(), 0);
      await toggle.press("Space");
      assert.equal(await toggle.isChecked(), true);
      for (const resource of resources) {
        const levels = page.getByRole("radiogroup", { name: resource, exact: true }).getByRole("radio");
        assert.deepEqual(await levels.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).labels?.[0]?.innerText)), ["No access", "Read", "Write"], resource);
      }
      await page.getByRole("radiogroup", { name: "API Keys" }).getByRole("radio", { name: "Read" }).press("Space");
      await page.getByRole("radiogroup", { name: "Calls" }).getByRole("radio", { name: "Write" }).press("Space");
    });

    step("Click Save. The key will be generated and a modal will appear with the complete API Key.", async () => {
      query = await save("copy");
    });

    step("It's not possible to recover a key once the creation modal is closed.", async () => {
      await page.reload();
      await shown(rowOf("CRM_Query"));
      assert.ok(!(await page.content()).includes(query));
      assert.match(await rowOf("CRM_Query").innerText(), new RegExp(`${query.slice(-4)}[^]*Restricted`));
    });

    step("Read: The key can query data but not modify it. Write: The key can query and modify data.", async () => {
      assert.equal(await ask(query), 200);
      if (!whole) return;
      assert.equal(await ask(query, "/v1/agent/"), 403, "No access: the key cannot access this resource");
      const id = "11111111-1111-4111-8111-111111111111";
      assert.equal(await ask(query, `/v1/api_key/${id}`, "DELETE"), 403);
      assert.equal(await ask(query, `/v1/call/${id}`), 404);
    });

    step("Unrestricted: The key has full access to all API resources.", async () => {
      await button("Create API Key").click();
      await page.getByRole("textbox", { name: "Name" }).fill("<img src=x onerror=alert(1)>");
      const secret = await save();
      assert.equal(await ask(secret), 200);
      if (whole) assert.equal(await ask(secret, "/v1/agent/"), 200);
      await shown(page.getByText("<img src=x onerror=alert(1)>", { exact: true })); // markup in a name is text
      assert.match(await rowOf("<img src=x onerror=alert(1)>").innerText(), /Unrestricted/);
    });

    step("If you need to change a key's permissions: edit it where the API can, else delete it and create a new one.", async () => {
      await button(/actions/i, rowOf("CRM_Query")).click();
      const edit = page.getByRole("menuitem", { name: "Edit" });
      await shown(page.getByRole("menuitem", { name: "Delete" }));
      assert.equal(await edit.count(), whole ? 1 : 0);
      if (!whole) return page.keyboard.press("Escape");
      await edit.click();
      const form = page.getByRole("dialog");
      assert.equal(await form.getByRole("textbox", { name: "Name" }).inputValue(), "CRM_Query");
      await form.getByRole("radiogroup", { name: "API Keys" }).getByRole("radio", { name: "No access" }).press("Space");
      await button("Save", form).click();
      await gone(form);
      assert.equal(await ask(query), 403);
    });

    step("Nothing in the form is lost when saving fails.", async () => {
      await button("Create API Key").click();
      await page.getByRole("textbox", { name: "Name" }).fill("Kept");
      await page.getByRole("switch", { name: "Restrict key" }).press("Space");
      await page.getByRole("radiogroup", { name: "Tools" }).getByRole("radio", { name: "Write" }).press("Space");
      await page.route("**/api_keys", (route) =>
        route.fulfill({ status: 500, contentType: "application/problem+json", body: JSON.stringify({ title: "Broken", status: 500, detail: "the disk is full" }) }),
      );
      await button("Save").click();
      await shown(page.getByText("the disk is full"));
      await page.unroute("**/api_keys");
      assert.equal(await page.getByRole("textbox", { name: "Name" }).inputValue(), "Kept");
      assert.equal(await page.getByRole("radiogroup", { name: "Tools" }).getByRole("radio", { name: "Write" }).isChecked(), true);
      assert.equal(await ask(await save()), 403);
    });

    step("In the keys table, click the actions button, select Delete, and confirm by clicking Delete.", async () => {
      const confirmation = page.getByRole("alertdialog");
      await choose("Kept", "Delete");
      await shown(confirmation.getByText(/permanent/));
      await shown(confirmation.getByText(/will stop working immediately/));
      await button("Cancel", confirmation).click();
      await gone(confirmation);
      await shown(rowOf("Kept"));
      for (const key of ["Kept", "CRM_Query", "<img src=x onerror=alert(1)>"]) {
        await choose(key, "Delete");
        await button("Delete", confirmation).click();
        await gone(confirmation);
        await gone(rowOf(key));
      }
    });

    step("Any application or service using this key will stop working immediately.", async () => {
      assert.equal(await ask(query), 403);
      assert.equal(await ask(admin), 200);
    });

    step("Only users with the Administrator role in the project can access the API Keys section.", async () => {
      const viewAs = page.getByRole("combobox", { name: "View as" });
      for (const role of ["Member", "Reader"]) {
        await viewAs.selectOption(role);
        await shown(page.getByRole("main").getByText(/administrator/i));
        await gone(page.getByRole("columnheader", { name: "Key ID" }));
        assert.equal(await button("Create API Key").count(), 0);
        await page.reload(); // the role survives
        await shown(page.getByRole("main").getByText(/administrator/i));
        assert.equal(await page.getByRole("columnheader", { name: "Key ID" }).count(), 0);
      }
      await viewAs.selectOption("Administrator");
      await shown(page.getByRole("columnheader", { name: "Key ID" }));
    });

    const visit = (link: string) => page.getByRole("navigation").getByRole("link", { name: link }).click();

    step("Requests show as they come, newest first, with those that have no valid key.", async () => {
      await visit("Requests");
      await page.getByRole("status").getByText("Live").waitFor();
      const row = (text: string) => page.getByRole("row").filter({ hasText: text });
      await ask(admin, "/v1/api_key/?limit=2&probe=first");
      await shown(row("probe=first"));
      assert.match(await row("probe=first").innerText(), /GET[^]*200[^]*0001/);
      await ask("nobody", "/v1/api_key/?probe=second");
      await shown(row("probe=second"));
      const rows = await page.getByRole("row").allInnerTexts();
      assert.match(rows[1] ?? "", /probe=second[^]*403/);
      assert.match(rows[2] ?? "", /probe=first/);

      await button("Pause").click();
      await ask(admin, "/v1/api_key/?limit=0");
      await page.getByRole("combobox", { name: "Status" }).selectOption("4xx");
      await gone(row("probe=first"));
      assert.equal(await row("limit=0").count(), 0);
      await button("Resume").click();
      await shown(row("limit=0"));
      await page.getByRole("combobox", { name: "Status" }).selectOption("Status: any");
      await shown(row("probe=first"));
    });

    step("A row opens the exchange, with what is wrong with it and a curl to repeat it.", async () => {
      await page.getByRole("link", { name: "limit=0" }).click();
      const exchange = page.getByRole("region", { name: "Exchange" });
      for (const reload of [false, true]) {
        if (reload) await page.reload(); // the address keeps it
        await shown(exchange.getByText(/Violations of the contract/));
        await shown(exchange.getByText(/curl '.*limit=0'/));
        await shown(exchange.getByText(/"error_code"/));
      }
      await button("Clear", page.getByRole("main")).click();
      await button("Clear", page.getByRole("alertdialog")).click();
      await gone(page.getByRole("row").filter({ hasText: "limit=0" }));
    });

    step("An item that is changed in the console is changed in the API.", async () => {
      await visit("Collections");
      if (!whole) {
        await shown(page.getByRole("main").getByText(/no collection/i));
        return;
      }
      const main = page.getByRole("main");
      await main.getByRole("link", { name: /^call \d/ }).click();
      await main.getByRole("searchbox", { name: /search call items/i }).waitFor();
      await page.getByRole("row").getByRole("link").first().click();
      const id = () => new URL(page.url()).searchParams.get("item") ?? "";
      await eventually(async () => id() !== "");
      const answer = async () => (await fetch(`${mock.url}/v1/call/${id()}`, { headers: { Authorization: `Bearer ${admin}` } })).json() as Promise<{ status: string; end_reason: string }>;
      for (const status of ["in_progress", "completed"]) {
        await page.getByRole("combobox", { name: "status" }).selectOption(status);
        await main.getByText(`"status": "${status}"`).waitFor();
        assert.equal((await answer()).status, status);
      }
      await button("Edit JSON").click();
      const editor = page.getByRole("textbox", { name: "JSON" });
      const item = JSON.parse(await editor.inputValue()) as object;
      await editor.fill(JSON.stringify({ ...item, status: "no such status" }));
      await button("Save").click();
      await shown(main.getByText("The item could not be saved"));
      await editor.fill(JSON.stringify({ ...item, end_reason: "The caller hung up" }));
      await button("Save").click();
      await main.getByText('"end_reason": "The caller hung up"').waitFor();
      assert.equal((await answer()).end_reason, "The caller hung up");

      const deleted = id();
      await button("Delete").click();
      await button("Delete", page.getByRole("alertdialog")).click();
      await eventually(async () => id() === "");
      assert.equal(await ask(admin, `/v1/call/${deleted}`), 404);
      await button("Create item").click();
      await eventually(async () => id() !== "");
      assert.equal(await ask(admin, `/v1/call/${id()}`), 200);
    });

    step("The first page is light.", async (t) => {
      const visits = [];
      for (let i = 0; i < 5; i++) {
        const fresh = await open.browser.newContext();
        const first = await fresh.newPage();
        await first.addInitScript(() => {
          new MutationObserver((_, observer) => {
            if (document.querySelectorAll("tr").length < 2) return;
            performance.mark("rows"); // which can be used from now on
            observer.disconnect();
          }).observe(document, { childList: true, subtree: true });
        });
        await first.goto(`${mock.url}/_mock/`);
        await shown(first.getByRole("row").nth(1));
        visits.push(
          await first.evaluate(() => ({
            ready: performance.getEntriesByName("rows")[0]?.startTime ?? NaN,
            bytes: (performance.getEntries() as PerformanceResourceTiming[]).reduce((sum, e) => sum + (e.transferSize ?? 0), 0),
          })),
        );
        await fresh.close();
      }
      const { ready, bytes } = visits.sort((a, b) => a.ready - b.ready)[2]!;
      t.diagnostic(`interactive after ${ready.toFixed(0)} ms, the median of ${visits.map((v) => v.ready.toFixed(0))}; ${(bytes / 1000).toFixed(0)} kB transferred`);
      assert.ok(ready < 10_000, `${ready} ms`); // bounded for a busy machine: the goal is 300 ms
      assert.ok(bytes > 1000 && bytes <= 250_000, `${bytes} bytes`);
    });

    step("Nothing breaks the content security policy, fails, or asks in a native dialog.", async () => {
      assert.deepEqual(open.wrong, []);
    });
  });
}
