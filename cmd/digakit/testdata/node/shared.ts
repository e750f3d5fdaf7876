import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const shared = fileURLToPath(new URL("../../../../../../shared/", import.meta.url));

/** An OpenAPI document, as far as the tests look into it. */
export interface Document {
  paths: Record<string, Record<string, Operation>>;
}

export interface Operation {
  requestBody?: { content: Record<string, object> };
  responses: Record<string, { content?: Record<string, object> }>;
}

/**
 * The revisions of Diga's whole document that stand beside the module, oldest first; none where they are not.
 * Under DIGAKIT_REQUIRE_SHARED their folder without them is a failure.
 */
export const published = (() => {
  const folder = shared + "diga/";
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")).sort() : [];
  if (files.length === 0 && existsSync(shared) && process.env.DIGAKIT_REQUIRE_SHARED) throw new Error(`${folder} has no document`);
  return files.map((name) => ({ name, file: folder + name, read: () => JSON.parse(readFileSync(folder + name, "utf8")) as Document }));
})();
