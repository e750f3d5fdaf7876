import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Starts `digakit mock` on a free port and resolves once it is ready; else it rejects with what the mock says. */
export async function startMock(...args: string[]) {
  const binary = process.env.DIGAKIT;
  if (!binary) throw new Error("set DIGAKIT to the digakit binary");
  const child = spawn(binary, ["mock", "--addr", "127.0.0.1:0", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit"); // rejects when there is no such binary
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-10_000)));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      const ready = line.match(/^listening on (http:\S+)$/)?.[1];
      if (ready) resolve(ready);
    });
    exited.then(() => reject(new Error(`digakit mock ended before it was ready: ${log}`)), reject);
  });
  return {
    url,
    async stop() {
      child.kill();
      await exited;
      return child.exitCode;
    },
  };
}
