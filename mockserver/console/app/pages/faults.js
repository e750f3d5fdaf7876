// Misbehaviour on purpose, the project's clock, and its state as a whole.
import { html, useEffect, useState } from "../html.js";
import { at, send, useAnswer } from "../api.js";
import { Answer, Empty, Head } from "../panel.js";
import { Alert, Confirm } from "../dialog.js";
import { Icon } from "../icon.js";
import { count } from "../format.js";
import { FaultForm } from "./faultform.js";
import { Clock } from "./clock.js";
import { Snapshots } from "./snapshots.js";

export default function Faults({ project }) {
  const [version, setVersion] = useState(0); // of the project, which a reset or restore changes as a whole
  return html`<${Head} title="Faults and clock" lead="Let calls fail, wait or break, move the project's time, and put its state back. Other projects notice nothing." />
    <div class="two-columns" key=${version}>
      <${List} project=${project} />
      <div class="stack">
        <${Clock} project=${project} />
        <${Snapshots} project=${project} onRestored=${() => setVersion((v) => v + 1)} />
      </div>
    </div>`;
}

function List({ project }) {
  const path = at("projects", project, "faults");
  const faults = useAnswer((signal) => send("GET", path, { signal }), [path]);
  const [open, setOpen] = useState("");
  const [problem, setProblem] = useState();
  useEffect(() => { // they count down as calls come
    const timer = setInterval(() => { if (!document.hidden) faults.reload(); }, 1000);
    return () => clearInterval(timer);
  }, [faults.reload]);
  const remove = async (id) => {
    try { await send("DELETE", `${path}/${encodeURIComponent(id)}`); setProblem(); } catch (e) { setProblem(e); }
    faults.reload();
  };
  const list = faults.value?.faults ?? [];
  return html`<section class="card" aria-label="Faults">
    <div class="toolbar"><h2>Faults</h2>
      <span class="item-actions">
        ${list.length > 1 && html`<button type="button" class="button" onClick=${() => setOpen("clear")}>Remove all</button>`}
        <button type="button" class="button primary" onClick=${() => setOpen("form")}><${Icon} name="plus" />Add a fault</button>
      </span>
    </div>
    ${problem && html`<${Alert} problem=${problem} what="The fault could not be removed." />`}
    <${Answer} of=${faults} what="The faults" rows=${3}>${({ faults: all }) => (all.length
      ? html`<ul class="faults">${all.map((f) => html`<${Fault} key=${f.id} of=${f} onRemove=${() => remove(f.id)} />`)}</ul>`
      : html`<${Empty} icon="faults" title="Everything works"><p>Add a fault to see what your application does when the API fails, is slow, or breaks the connection.</p><//>`)}<//>
    ${open === "form" && html`<${FaultForm} project=${project} onClose=${() => setOpen("")} onSaved=${() => { setOpen(""); faults.reload(); }} />`}
    ${open === "clear" && html`<${Confirm} title="Remove all faults?" action="Remove all" lead="Calls are answered as usual from the next one on." onClose=${() => setOpen("")} onConfirm=${async () => { await send("DELETE", path); await faults.reload(); setOpen(""); }} />`}
  </section>`;
}

const kinds = {
  EMPTY_RESPONSE: "closes the connection without an answer", MALFORMED_RESPONSE_CHUNK: "breaks off in the middle of the answer",
  RANDOM_DATA_THEN_CLOSE: "sends garbage and closes the connection", CONNECTION_RESET_BY_PEER: "resets the connection",
};

// inWords is what a fault does.
function inWords(f) {
  const does = [];
  if (f.status) does.push(`answers ${f.status}${f.error_code ? ` ${f.error_code}` : ""}`);
  else if (f.body !== undefined) does.push("answers with a body of its own");
  if (f.fault) does.push(kinds[f.fault] ?? f.fault);
  if (f.fixedDelayMilliseconds) does.push(`waits ${count(f.fixedDelayMilliseconds)} ms`);
  if (f.delayDistribution) does.push(`waits by a ${f.delayDistribution.type} distribution`);
  if (f.chunkedDribbleDelay) does.push(`dribbles the body over ${count(f.chunkedDribbleDelay.totalDuration)} ms`);
  if (f.truncateBodyAtFraction !== undefined) does.push(`cuts the body at ${Math.round(f.truncateBodyAtFraction * 100)} %`);
  if (f.retry_after !== undefined) does.push(`says to retry after ${f.retry_after} s`);
  const text = does.join(", ");
  return text[0].toUpperCase() + text.slice(1);
}

function Fault({ of: f, onRemove }) {
  const total = f.times || 0;
  const done = total > 0 && !f.remaining;
  const on = [f.match?.operation ?? "every operation", ...Object.entries(f.match?.query ?? {}).map(([k, v]) => `${k}=${v}`), f.match?.key_id && `key ${f.match.key_id.slice(0, 8)}…`].filter(Boolean);
  const more = [f.skip && `after ${f.skip} calls`, f.probability !== undefined && `on ${Math.round(f.probability * 100)} % of calls`].filter(Boolean);
  return html`<li class=${done ? "fault done" : "fault"}>
    <div class="fault-text">
      <strong>${inWords(f)}</strong>
      <p class="muted small-text">on ${on.map((o, i) => html`${i > 0 && " with "}<code>${o}</code>`)}${more.map((m) => `, ${m}`)}</p>
    </div>
    <div class="fault-count">
      <span class=${done ? "chip" : "chip warn"}>${total ? `${f.remaining} of ${total} left` : "until removed"}</span>
      <span class="muted small-text">matched ${count(f.matched)}, fired ${count(f.fired)}</span>
    </div>
    <button type="button" class="icon-button" aria-label=${`Remove ${f.id}`} title="Remove" onClick=${onRemove}><${Icon} name="trash" /></button>
    ${total > 0 && html`<span class="bar thin" role="img" aria-label=${`${f.remaining} of ${total} times left`}><i style=${{ width: `${(f.remaining / total) * 100}%` }}></i></span>`}
  </li>`;
}
