import { existsSync } from "node:fs";
import { test, type TestContext } from "node:test";
import { chromium } from "playwright-core";

const executablePath = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => path && existsSync(path));

/** Whether browser tests run: there is Chromium, or they must. */
export const hasBrowser = executablePath !== undefined || process.env.DIGAKIT_REQUIRE_BROWSER === "1";

/** Starts Chromium with a profile of its own. */
export const startBrowser = (...args: string[]) =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...args,
    ],
  });

/** A test that needs Chromium, and says so where there is none; under DIGAKIT_REQUIRE_BROWSER=1 that is a failure. */
export const browserTest = (name: string, run: (t: TestContext) => Promise<void>) =>
  test(name, { skip: hasBrowser ? false : "not run: there is no Chromium; set CHROMIUM to one" }, run);
