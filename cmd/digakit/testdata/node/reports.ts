import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** A mock with this profile departs from the document. */
const departing = path("../unauthorized.yaml");

/** Diga's document with another default, and another summary. */
const revision = path("revision.json");
writeFileSync(
  revision,
  readFileSync(path("../../../../../openapi.json"), "utf8").replace('"default": 50', '"default": 20').replace("List Api Keys", "List"),
);

/** Commands whose reports are judged as they make them, in every format: ["verify"] is `digakit verify --format F`. */
const commands: string[][] = [
  ["verify"],
  ["verify", "--profile", departing],
  ["drift", revision],
  ["drift", path("../../../../../openapi.json")],
];

/** What the Go tests keep true: a report of each kind in every format. */
const samples = new URL("../../../../../contract/report/testdata/samples/", import.meta.url);

export const formats = ["text", "json", "ndjson", "junit", "github", "sarif", "markdown"] as const;
export type Format = (typeof formats)[number];

/** One report in every format. */
export interface Written {
  name: string;
  text: Record<Format, string>;
}

export interface Finding {
  check: string;
  severity: "error" | "warning" | "info";
  operation: string;
  message: string;
  fingerprint: string;
  curl: string;
  count: number;
  known?: { reason: string };
}

export interface Report {
  schema_version: number;
  tool: string;
  summary: Record<"error" | "warning" | "info" | "passed" | "skipped" | "known", number>;
  findings: Finding[];
  checks: { id: string; operation: string; passed: number; failed: number; skipped: number }[];
  notes: string[];
}

/** Whether nothing was checked. */
export const isEmpty = (r: Report) => !r.checks.some((c) => c.passed + c.failed > 0);

/** Findings that count: errors and warnings that nobody has accepted. */
export const failures = (r: Report) => r.findings.filter((f) => !f.known && f.severity !== "info");

/** All reports there are to judge. */
export async function reports(): Promise<Written[]> {
  const names = new Set(readdirSync(samples).map((file) => file.replace(/\.[a-z]+$/, "")));
  const read = [...names].map((name) => ({
    name,
    text: byFormat((f) => readFileSync(new URL(`${name}.${f}`, samples), "utf8")),
  }));
  const made = commands.map(async (args) => {
    const texts = await Promise.all(formats.map((f) => run([...args, "--format", f])));
    return { name: args.join(" "), text: byFormat((f) => texts[formats.indexOf(f)] ?? "") };
  });
  return [...read, ...(await Promise.all(made))];
}

const byFormat = (text: (f: Format) => string) =>
  Object.fromEntries(formats.map((f) => [f, text(f)])) as Record<Format, string>;

/** Runs digakit and returns what it writes to stdout; findings (exit code 1) are no failure here. */
function run(args: string[]): Promise<string> {
  const binary = process.env.DIGAKIT;
  if (!binary) throw new Error("set DIGAKIT to the digakit binary");
  return new Promise((resolve, reject) => {
    execFile(binary, args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`digakit ${args.join(" ")}: ${error.message}\n${stderr}`));
      else resolve(stdout.replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:4010")); // each run has a mock of its own on any free port
    });
  });
}
