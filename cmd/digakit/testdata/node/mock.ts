import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Starts `digakit mock` on a free port and resolves once it is ready. */
export async function startMock(...args: string[]) {
  const binary = process.env.DIGAKIT;
  if (!binary) throw new Error("set DIGAKIT to the digakit binary");
  const child = spawn(binary, ["mock", "--addr", "127.0.0.1:0", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  for await (const line of createInterface(child.stdout)) {
    const url = line.match(/^listening on (http:\S+)$/)?.[1];
    if (!url) throw new Error(`not the ready line: ${line}`);
    return {
      url,
      async stop() {
        child.kill();
        await once(child, "exit");
        return child.exitCode;
      },
    };
  }
  throw new Error("digakit mock ended before it was ready");
}
