import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

/** What the tests look at in a report. */
export interface Report {
  tool: string;
  target: string;
  summary: { error: number; warning: number; info: number; passed: number; skipped: number };
  findings: { check: string; operation: string; status: number; message: string; count: number; curl: string }[];
  notes: string[];
}

/** Starts `digakit proxy` in front of a server, on a free port, and resolves once it is ready. */
export async function startProxy(upstream: string, ...args: string[]) {
  const binary = process.env.DIGAKIT;
  if (!binary) throw new Error("set DIGAKIT to the digakit binary");
  const child = spawn(
    binary,
    ["proxy", "--upstream", upstream, "--addr", "127.0.0.1:0", "--format", "json", ...args],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const stdout = text(child.stdout);
  const exited = once(child, "exit");
  const lines: string[] = [];
  // The report is alone on stdout, so the ready line comes on stderr.
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stderr).on("line", (line) => {
      lines.push(line);
      const ready = line.match(/^listening on (http:\S+)$/)?.[1];
      if (ready) resolve(ready);
    });
    exited.then(() => reject(new Error(`digakit proxy ended before it was ready: ${lines.join("\n")}`)));
  });
  return {
    url,
    /** Ends the proxy and returns its exit code and report. */
    async end() {
      child.kill();
      await exited;
      return { code: child.exitCode, report: JSON.parse(await stdout) as Report, log: lines };
    },
  };
}
