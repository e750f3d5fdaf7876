// Every operation of each whole document, judged by a validator that is not ours.
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { published } from "./shared.js";

/** What mockserver's TestEveryOperationSucceeds asked, and was answered. */
interface Exchange {
  method: string;
  path: string;
  contentType?: string;
  sent?: unknown;
  status: number;
  answerType?: string;
  answer?: string;
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const mediaType = (header: string) => header.replace(/;.*/, "");

if (published.length === 0) test("documents", { skip: "../shared/diga is not there" }, () => {});

for (const { name, read } of published) {
  test(`${name}: each operation answers a documented success to a valid request`, () => {
    const folder = process.env.DIGAKIT_EXCHANGES ?? assert.fail("set DIGAKIT_EXCHANGES to where the Go test keeps its exchanges, as `make node` does");
    const exchanges = readFileSync(`${folder}/${name}l`, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Exchange);
    const document = read();
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
    addFormats.default(ajv);
    ajv.addFormat("phone", true); // of the documents alone
    ajv.addSchema(document, "document");

    /** Fails unless a value fits the schema of its media type. */
    const judge = (value: unknown, what: string, ...content: string[]) => {
      const pointer = [...content, "schema"].map((token) => encodeURIComponent(token.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
      const fits = ajv.getSchema(`document#/${pointer}`) ?? assert.fail(`${what}: no schema at ${pointer}`);
      assert.ok(fits(value), `${what}: ${ajv.errorsText(fits.errors)}`);
    };

    const succeeded = new Set<string>();
    for (const { method, path, contentType, sent, status, answerType, answer } of exchanges) {
      const at = ["paths", path, method.toLowerCase()];
      const operation = document.paths[path]?.[method.toLowerCase()] ?? assert.fail(`no operation ${method} ${path}`);
      if (contentType === "application/json") judge(sent, `${method} ${path}`, ...at, "requestBody", "content", contentType);
      const documented = operation.responses[status] ?? assert.fail(`${method} ${path} answered ${status}: ${answer}`);
      if (!documented.content) assert.equal(answer ?? "", "", `${method} ${path} answered ${status} with a body that it does not document`);
      else judge(JSON.parse(answer ?? ""), `${method} ${path} ${status}`, ...at, "responses", String(status), "content", mediaType(answerType ?? ""));
      if (status < 300) succeeded.add(`${method} ${path}`);
    }
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      methods.filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${path}`),
    );
    assert.deepEqual(operations.filter((operation) => !succeeded.has(operation)), []);
  });
}
