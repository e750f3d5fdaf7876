// Server-sent events by fetch: EventSource cannot send the token.
import { at, headers } from "./api.js";

// follow calls event(name, data) for what happens in a project's journal after the entry
// with the id `last`, until signal is aborted; live(true) when it is connected.
export async function follow(project, last, event, live, signal) {
  let wait = 500;
  while (!signal.aborted) {
    try {
      const response = await fetch(at("projects", project, "events"), { signal, headers: headers({ "Last-Event-ID": String(last) }) });
      if (!response.ok) throw new Error(response.statusText);
      live(true);
      wait = 500;
      for await (const e of read(response.body)) {
        if (e.id) last = e.id;
        event(e.event, JSON.parse(e.data));
      }
    } catch { /* told by live, and tried again */ }
    if (signal.aborted) return;
    live(false);
    await new Promise((done) => { setTimeout(done, wait); signal.addEventListener("abort", done, { once: true }); });
    wait = Math.min(wait * 2, 8000);
  }
}

async function* read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const e = { data: "" };
      for (const line of part.split("\n")) {
        const colon = line.indexOf(": ");
        if (colon > 0) e[line.slice(0, colon)] = line.slice(colon + 2);
      }
      if (e.data) yield e;
    }
  }
}
