import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createServer } from "vite";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Types the folder frontend by a document, and compiles it. */
export async function compileFrontend(document: string) {
  const run = (command: string, ...args: string[]) =>
    promisify(execFile)(path(`../node_modules/.bin/${command}`), args, { cwd: path("../frontend") });
  await run("openapi-typescript", "--default-non-nullable", "false", document, "-o", "diga.d.ts");
  await run("tsc", "-p", ".").catch((error: { stdout: string }) => {
    throw new Error(error.stdout);
  });
}

/** Serves the folder frontend, and below /api what a mock answers: at its paths without /api, or with it. */
export async function startVite(mock: string, { strip }: { strip: boolean }) {
  const server = await createServer({
    root: path("../frontend"),
    configFile: false,
    logLevel: "error",
    server: {
      host: "127.0.0.1",
      port: 0,
      hmr: false,
      allowedHosts: true,
      proxy: { "/api": { target: mock, rewrite: (path) => (strip ? path.replace(/^\/api/, "") : path) } },
    },
    optimizeDeps: { include: ["openapi-fetch"] }, // before a page asks, which would be loaded anew
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0] ?? "";
  return { url: url.replace(/\/$/, ""), close: () => server.close() };
}
