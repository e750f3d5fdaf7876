// What was asked and answered, live.
import { html, useEffect, useMemo, useRef, useState } from "../html.js";
import { at, send, unauthenticated } from "../api.js";
import { change } from "../route.js";
import { follow } from "../events.js";
import { Answer, Empty, Head } from "../panel.js";
import { Confirm, CopyButton } from "../dialog.js";
import { Icon } from "../icon.js";
import { count, plural } from "../format.js";
import { curl, demoKey } from "../curl.js";
import { credential } from "../credential.js";
import { Rows } from "./rows.js";
import { Exchange } from "./exchange.js";

const most = 10000; // rows that are kept
const whole = 1000; // of which with bodies: the journal keeps no more either

const named = (journal, e) => ({ ...e, row: `${journal}:${e.id}`, basis: e.basis ?? e.response.headers["Mock-Basis"]?.[0] ?? "" });
const keyOf = (e) => e.key?.last_four_digits ?? "";

// useJournal follows the journals of the project and of requests without a valid key.
function useJournal(project, paused) {
  const [rows, setRows] = useState([]);
  const [state, setState] = useState({ loading: true });
  const [live, setLive] = useState(""); // Connecting, Live, or Reconnecting after that
  const [missed, setMissed] = useState(0);
  const waiting = useRef([]);
  const held = useRef(false);
  held.current = paused;
  const flush = () => {
    if (!waiting.current.length) return;
    const fresh = waiting.current.reverse();
    waiting.current = [];
    setRows((old) => {
      const all = [...fresh, ...old].slice(0, most);
      for (let i = whole; i < all.length && all[i].request.body?.json !== undefined | all[i].response.body?.json !== undefined; i++) all[i] = bodiless(all[i]);
      return all;
    });
  };

  const forget = (journal) => {
    const others = (list) => list.filter((e) => e.row !== `${journal}:${e.id}`);
    waiting.current = others(waiting.current);
    setRows(others);
  };

  useEffect(() => {
    let abort;
    let frame;
    const seen = new Map();
    const connected = new Set();
    const tell = (journal) => (on) => {
      if (on) connected.add(journal);
      else connected.delete(journal);
      setLive((was) => (connected.size === 2 ? "Live" : was ? "Reconnecting" : ""));
    };
    const begin = async () => {
      abort = new AbortController();
      const { signal } = abort;
      try {
        const journals = await Promise.all([project, unauthenticated].map(async (journal) => {
          const { requests } = await send("GET", at("projects", journal, "requests"), { signal, query: { limit: 1000 } });
          return [journal, requests];
        }));
        const all = [];
        for (const [journal, requests] of journals) {
          for (const e of requests) if (e.id > (seen.get(journal) ?? 0)) all.push(named(journal, e));
          seen.set(journal, Math.max(seen.get(journal) ?? 0, requests.at(-1)?.id ?? 0));
        }
        all.sort((a, b) => (a.time < b.time ? -1 : 1));
        waiting.current.push(...all);
        setState({ value: true });
        flush();
        for (const [journal] of journals) {
          follow(journal, seen.get(journal), (name, e) => {
            if (name === "dropped") setMissed((n) => n + e.dropped);
            if (name !== "exchange") return;
            if (e.id <= seen.get(journal)) forget(journal); // the mock began anew
            seen.set(journal, e.id);
            waiting.current.push(named(journal, e));
            if (!held.current) { cancelAnimationFrame(frame); frame = requestAnimationFrame(flush); }
          }, tell(journal), signal);
        }
      } catch (error) {
        if (!signal.aborted) setState({ error, reload: () => { abort.abort(); begin(); } });
      }
    };
    // A page nobody looks at holds no connection: browsers have few of them for one server.
    const visibility = () => { if (document.hidden) abort.abort(); else begin(); };
    begin();
    document.addEventListener("visibilitychange", visibility);
    return () => { abort.abort(); cancelAnimationFrame(frame); document.removeEventListener("visibilitychange", visibility); };
  }, [project]);
  useEffect(() => { if (!paused) flush(); }, [paused]);

  const clear = async () => {
    await Promise.all([project, unauthenticated].map((j) => send("DELETE", at("projects", j, "requests"))));
    waiting.current = [];
    setRows([]);
    setMissed(0);
  };
  return { rows, state, live, missed, clear };
}

const bodiless = (e) => {
  const gone = (side) => (side.body ? { ...side, body: { size: side.body.size, omitted: "only the newest exchanges keep their bodies" } } : side);
  return { ...e, request: gone(e.request), response: gone(e.response) };
};

const options = (rows, of) => [...new Set(rows.map(of))].filter(Boolean).sort();

export default function Requests({ project, query }) {
  const [paused, setPaused] = useState(false);
  const [clearing, setClearing] = useState(false);
  const { rows, state, live, missed, clear } = useJournal(project, paused);
  const { status = "", key = "", operation = "", violations = "", path = "", open } = query;
  const filtered = Boolean(status || key || operation || violations || path);
  const shown = useMemo(() => rows.filter((e) => (!status || String(e.response.status) === status || (status.endsWith("xx") && String(e.response.status)[0] === status[0]))
    && (!key || (credential(e).state === key || keyOf(e) === key))
    && (!operation || e.operation === operation)
    && (!violations || (violations === "yes") === e.violations.length > 0)
    && (!path || `${e.request.method} ${e.request.path}?${e.request.query ?? ""}`.toLowerCase().includes(path.toLowerCase()))), [rows, status, key, operation, violations, path]);
  const opened = open && rows.find((e) => e.row === open);
  const set = (name) => (e) => change({ [name]: e.target.value }, { replace: true });
  const select = (name, label, value, choices) => html`<label class="filter"><span class="hidden">${label}</span><select value=${value} onChange=${set(name)}><option value="">${`${label}: any`}</option>${choices.map(([v, text]) => html`<option value=${v}>${text}</option>`)}${value && !choices.some(([v]) => v === value) && html`<option value=${value}>${value}</option>`}</select></label>`;

  return html`<${Head} title="Requests" lead="What was asked of the mock, and what it answered. Secrets are left out.">
      <span class=${`chip ${paused ? "" : { Live: "good live", Reconnecting: "warn" }[live] ?? ""}`} role="status">${paused ? "Paused" : live || "Connecting"}</span>
      <button type="button" class="button" aria-pressed=${String(paused)} onClick=${() => setPaused(!paused)}><${Icon} name=${paused ? "play" : "pause"} />${paused ? "Resume" : "Pause"}</button>
      <button type="button" class="button" disabled=${!rows.length} onClick=${() => setClearing(true)}><${Icon} name="trash" />Clear</button>
    <//>
    <div class=${open ? "split open" : "split"}>
      <section class="card requests" aria-label="Requests">
        <div class="toolbar filters">
          <div class="search"><${Icon} name="search" /><input aria-label="Filter by path" placeholder="Filter by path" value=${path} onInput=${set("path")} spellcheck="false" autocomplete="off" /></div>
          ${select("status", "Status", status, [...["2xx", "3xx", "4xx", "5xx"].map((s) => [s, s]), ...options(rows, (e) => String(e.response.status)).map((s) => [s, s])])}
          ${select("key", "Key", key, [["invalid", "Invalid key"], ["none", "No key"], ...options(rows, keyOf).map((k) => [k, "…" + k])])}
          ${select("operation", "Operation", operation, options(rows, (e) => e.operation).map((o) => [o, o]))}
          ${select("violations", "Violations", violations, [["yes", "With violations"], ["no", "Without violations"]])}
          <span class="muted small-text" role="status">${filtered ? `${shown.length.toLocaleString()} of ${plural(rows.length, "request")}` : plural(rows.length, "request")}${missed > 0 && `, ${count(missed)} missed`}</span>
        </div>
        ${missed > 0 && html`<p class="note warn"><${Icon} name="warning" /><span>${plural(missed, "request")} came faster than this page could follow, and ${missed === 1 ? "is" : "are"} no longer in the journal.</span></p>`}
        ${rows.length ? (shown.length
          ? html`<${Rows} list=${shown} open=${open} />`
          : html`<${Empty} icon="search" title="No request matches the filters"><button type="button" class="button" onClick=${() => change({ status: "", key: "", operation: "", violations: "", path: "" })}>Show all requests</button><//>`)
          : html`<${Answer} of=${state} what="The requests">${() => html`<${First} project=${project} />`}<//>`}
      </section>
      ${open && (opened
        ? html`<${Exchange} key=${open} of=${opened} />`
        : rows.length > 0 || state.value ? html`<section class="card exchange"><${Empty} icon="requests" title="This exchange is no longer kept"><p>The journal keeps the newest 1,000 of a project.</p><button type="button" class="button" onClick=${() => change({ open: "" })}>Close</button><//></section>` : null)}
    </div>
    ${clearing && html`<${Confirm} title="Clear the journal?" action="Clear" lead=${`The requests of ${project} and those without a valid key are forgotten. This cannot be undone.`} onClose=${() => setClearing(false)} onConfirm=${async () => { await clear(); change({ open: "" }, { replace: true }); setClearing(false); }} />`}`;
}

function First({ project }) {
  const command = curl({ project, request: { method: "GET", path: "/v1/api_key/", query: "limit=2", headers: { Authorization: [project === "demo" ? `Bearer …${demoKey.slice(-4)}` : "Bearer …"] } } });
  return html`<${Empty} icon="requests" title="Waiting for the first request">
    <p>Let your application call this mock, or try:</p>
    <pre class="command"><code>${command}</code></pre>
    <${CopyButton} text=${command} />
  <//>`;
}
