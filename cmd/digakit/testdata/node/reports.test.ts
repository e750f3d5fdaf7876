// Every format is read by a parser that is not ours.
import { error, notice, warning, type AnnotationProperties } from "@actions/core";
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import { parse as parseJUnit } from "junit2json";
import { lexer, parse as parseMarkdown, type Token, type Tokens } from "marked";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { failures, isEmpty, reports, type Report, type Written } from "./reports.js";

const all = await reports();

/** One test for each report. */
function each(format: string, judge: (r: Report, w: Written) => void | Promise<void>) {
  assert.ok(all.length > 0);
  for (const w of all) test(`${format}: ${w.name}`, () => judge(JSON.parse(w.text.json) as Report, w));
}

each("json", (r) => {
  assert.equal(r.schema_version, 1);
  const count = (severity: string) => r.findings.filter((f) => !f.known && f.severity === severity).length;
  assert.deepEqual(r.summary, {
    error: count("error"),
    warning: count("warning"),
    info: count("info"),
    passed: r.checks.reduce((n, c) => n + c.passed, 0),
    skipped: r.checks.reduce((n, c) => n + c.skipped, 0),
    known: r.findings.filter((f) => f.known).length,
  });
});

each("ndjson", (r, { text }) => {
  const lines = text.ndjson.trimEnd().split("\n").map((line) => JSON.parse(line) as { type: string; note?: string });
  const of = (type: string) => lines.filter((l) => l.type === type).map(({ type: _, ...rest }) => rest);
  const { findings, checks, notes, ...rest } = r;
  assert.deepEqual(of("finding"), findings);
  assert.deepEqual(of("check"), checks);
  assert.deepEqual(of("note"), notes.map((note) => ({ note })));
  assert.deepEqual(of("summary"), [rest]);
  assert.equal(lines.at(-1)?.type, "summary");
});

each("junit", async (r, { text }) => {
  const suites = await parseJUnit(text.junit);
  assert.ok(suites && "testsuite" in suites);
  const cases = suites.testsuite?.flatMap((s) => s.testcase ?? []) ?? [];
  assert.equal(suites.tests, cases.length);
  assert.equal(suites.failures, cases.filter((c) => c.failure).length);
  assert.equal(suites.errors, cases.filter((c) => c.error).length);
  assert.equal(suites.testsuite?.[0]?.skipped, cases.filter((c) => c.skipped).length);
  assert.equal(cases.length, r.checks.length + (isEmpty(r) ? 1 : 0));
  assert.equal(suites.errors, isEmpty(r) ? 1 : 0);
  for (const c of cases) assert.ok((c.failure?.length ?? 0) <= 1, `${c.name} has several failures`);
  const failed = cases.flatMap((c) => c.failure ?? []).map((f) => f.inner ?? "").join("\n");
  const passed = cases.flatMap((c) => c["system-out"] ?? []).join("\n");
  const counted = failures(r);
  for (const f of r.findings) {
    assert.ok((counted.includes(f) ? failed : passed).includes(`Fingerprint: ${f.fingerprint}`), f.fingerprint);
  }
});

each("github", (r, { text }) => {
  const unescape = (s: string) => s.replace(/%(0D|0A|3A|2C|25)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const commands = { error, warning, notice };
  const lines = text.github.split("\n");
  assert.equal(lines.pop(), "");
  assert.equal(lines.length, r.findings.length + r.notes.length + (isEmpty(r) ? 1 : 0));
  for (const line of lines) {
    const [, name, list, message] = line.match(/^::(\w+) (.*?)::(.*)$/) ?? assert.fail(`no command: ${line}`);
    const p = Object.fromEntries((list ?? "").split(",").map((one) => one.split("=", 2).map(unescape)));
    const properties: AnnotationProperties = { title: p.title, file: p.file };
    if (p.line) properties.startLine = Number(p.line);
    if (p.col) properties.startColumn = Number(p.col);
    // GitHub's own library writes the same line.
    const issue = commands[name as keyof typeof commands] ?? assert.fail(`no command ${name}`);
    assert.equal(written(() => issue(unescape(message ?? ""), properties)), line + "\n");
  }
  const count = (name: string) => lines.filter((l) => l.startsWith(`::${name} `)).length;
  assert.equal(count("error"), r.summary.error + (isEmpty(r) ? 1 : 0));
  assert.equal(count("warning"), r.summary.warning);
});

/** What a function writes to stdout. */
function written(write: () => void): string {
  const original = process.stdout.write;
  let text = "";
  process.stdout.write = (chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  };
  try {
    write();
  } finally {
    process.stdout.write = original;
  }
  return text;
}

const ajv = new AjvDraft04.default({ strict: false, allErrors: true });
addFormats.default(ajv);
const schema = new URL("../../../../../contract/report/testdata/sarif-schema-2.1.0.json", import.meta.url);
const isSARIF = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));

/** What is looked at of SARIF, besides what the schema says. */
interface Log {
  runs: [
    {
      invocations: [{ executionSuccessful: boolean }];
      tool: { driver: { rules: { id: string }[] } };
      results: {
        ruleId: string;
        ruleIndex: number;
        level: string;
        partialFingerprints: Record<string, string>;
        suppressions?: object[];
      }[];
    },
  ];
}

each("sarif", (r, { text }) => {
  const log = JSON.parse(text.sarif) as Log;
  assert.ok(isSARIF(log), JSON.stringify(isSARIF.errors));
  const [run] = (log as Log).runs;
  assert.equal(run.invocations[0].executionSuccessful, !isEmpty(r));
  assert.equal(run.results.length, r.findings.length);
  for (const [i, result] of run.results.entries()) {
    const f = r.findings[i];
    assert.equal(result.ruleId, run.tool.driver.rules[result.ruleIndex]?.id);
    assert.equal(result.level, f?.severity === "info" ? "note" : f?.severity);
    assert.deepEqual(Object.values(result.partialFingerprints), [f?.fingerprint]);
    assert.equal(result.suppressions?.length ?? 0, f?.known ? 1 : 0);
  }
});

each("markdown", (r, { name, text }) => {
  const tokens = lexer(text.markdown);
  const of = <T extends Token>(type: string) => tokens.filter((t) => t.type === type) as T[];
  const headings = of<Tokens.Heading>("heading").map((h) => h.text);
  const failed = failures(r).length > 0 || isEmpty(r);
  assert.equal(headings[0], `digakit ${r.tool}: ${failed ? "failed" : "passed"}`);
  for (const h of headings.slice(1)) assert.ok(["Findings", "Checks", "Coverage", "Notes"].includes(h), h);
  const tables = of<Tokens.Table>("table").map((t) => ({ columns: t.header.map((c) => c.text), rows: t.rows }));
  assert.equal(tables.length, (r.findings.length > 0 ? 1 : 0) + (r.checks.length > 0 ? 1 : 0));
  const found = tables.find((t) => t.columns.includes("fingerprint"));
  assert.deepEqual(
    found?.rows.map((row) => row.at(-1)?.text) ?? [],
    r.findings.slice(0, 100).map((f) => `<code>${f.fingerprint}</code>`),
  );
  const checks = tables.find((t) => t.columns.includes("passed"));
  assert.equal(checks?.rows.length, r.checks.length);
  const curls = r.findings.slice(0, 100).flatMap((f) => (f.curl ? [f.curl] : []));
  const blocks = of<Tokens.Code>("code").map((c) => c.text);
  if (name === "hostile") assert.equal(blocks.length, curls.length); // its control characters are escaped
  else assert.deepEqual(blocks, curls);
  const tags = parseMarkdown(text.markdown, { async: false }).match(/<[^>]*>/g) ?? [];
  const allowed = /^<\/?(h2|h3|p|table|thead|tbody|tr|th|td|details|summary|code|pre|ul|li|strong|br)( class="language-sh")?>$/;
  for (const tag of tags) if (!/^<\/?a[ >]/.test(tag)) assert.match(tag, allowed);
});

each("text", (r, { text }) => {
  assert.match(text.text, /^(no drift\n)?digakit /);
  for (const f of r.findings) assert.ok(text.text.includes(f.fingerprint), f.fingerprint);
  assert.doesNotMatch(text.text, /[^\P{C}\n]/u); // no control character but the line feed
});
