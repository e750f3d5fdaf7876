// One request and its answer.
import { html, useEffect, useRef } from "../html.js";
import { Link, change } from "../route.js";
import { CopyButton } from "../dialog.js";
import { Icon } from "../icon.js";
import { Json } from "../json.js";
import { Time, bytes, duration } from "../format.js";
import { curl } from "../curl.js";
import { credential } from "../credential.js";
import { bases, tone } from "./rows.js";

export function Exchange({ of: e }) {
  const head = useRef();
  useEffect(() => { if (matchMedia("(max-width: 1100px)").matches) head.current.scrollIntoView(); }, []);
  const { request, response } = e;
  const command = curl(e);
  const marks = (side) => e.violations.filter((v) => v.side === side && v.in === "body").map((v) => v.pointer ?? "");
  return html`<section class="card exchange" aria-label="Exchange" onKeyDown=${(k) => { if (k.key === "Escape") change({ open: "" }); }}>
    <header class="exchange-head" ref=${head}>
      <h2 class="mono"><span class=${`m-${request.method.toLowerCase()}`}>${request.method}</span> ${request.path}${request.query && html`<span class="muted">?${request.query}</span>`}</h2>
      <button type="button" class="icon-button" aria-label="Close the exchange" onClick=${() => change({ open: "" })}><${Icon} name="close" /></button>
    </header>
    <div class="exchange-body">
      <p class="chips">
        <span class=${`chip ${tone(response.status)}`}>${response.status || "no answer"}</span>
        ${e.basis && html`<span class="chip accent" title=${bases[e.basis]}>${e.basis}</span>`}
        <span class="chip">${duration(e.duration_ns)}</span>
        ${e.fault_id && html`<${Link} to="faults" class="chip warn">${e.fault_id}<//>`}
        ${e.preference && html`<span class="chip info">${e.preference}</span>`}
      </p>
      <dl class="pairs">
        <dt>Time</dt><dd><${Time} at=${e.time} style="second" /></dd>
        <dt>Operation</dt><dd class="mono">${e.operation ?? "none of the document"}</dd>
        <dt>Key</dt><dd>${e.key ? html`<span class="mono">…${e.key.last_four_digits}</span> of ${e.project}` : credential(e).long}</dd>
        ${e.client && html`<dt>Client</dt><dd class="mono">${e.client}</dd>`}
      </dl>
      ${e.departure && html`<div class="note"><${Icon} name="warning" /><p><strong>Departs from the document on purpose:</strong> ${e.departure}</p></div>`}
      ${e.violations.length > 0 && html`<section><h3>Violations of the contract</h3>
        <ul class="violations">${e.violations.map((v) => html`<li class="note bad"><${Icon} name="warning" /><p>
          <strong>${v.side === "request" ? "Request" : "Answer"} ${place(v)}</strong> ${v.message}.
          ${v.how_to_fix && html`<span class="fix">To fix it: ${v.how_to_fix}.</span>`}
        </p></li>`)}</ul></section>`}
      <section>
        <div class="section-head"><h3>Repeat it</h3><${CopyButton} text=${command} label="Copy curl" kind="small" /></div>
        <pre class="command" tabindex="0" role="region" aria-label="curl command"><code>${command}</code></pre>
      </section>
      <${Side} title="Request" of=${request} marks=${marks("request")}>
        ${request.query && html`<${Parameters} query=${request.query} wrong=${e.violations.filter((v) => v.in === "query").map((v) => v.name)} />`}
      <//>
      <${Side} title="Answer" of=${response} marks=${marks("response")} />
    </div>
  </section>`;
}

function place({ in: where, name, pointer }) {
  if (where === "body") return pointer ? html`body at <code>${pointer}</code>` : "body";
  return name ? html`${where} ${where === "header" ? "" : "parameter "}<code>${name}</code>${pointer && html` at <code>${pointer}</code>`}` : where;
}

function Parameters({ query, wrong }) {
  return html`<dl class="pairs mono">${[...new URLSearchParams(query)].map(([name, value]) => html`<dt>${wrong.includes(name) ? html`<mark>${name}</mark>` : name}</dt><dd>${wrong.includes(name) ? html`<mark>${value || "(empty)"}</mark>` : value}</dd>`)}</dl>`;
}

function Side({ title, of: side, marks, children }) {
  const { body, headers } = side;
  return html`<section>
    <div class="section-head"><h3>${title}</h3>${body && html`<span class="muted small-text">${bytes(body.size)}</span>`}</div>
    ${children}
    <details><summary>${Object.keys(headers).length} headers</summary>
      <dl class="pairs mono">${Object.entries(headers).map(([name, values]) => html`<dt>${name}</dt><dd>${values.join(", ")}</dd>`)}</dl>
    </details>
    ${!body ? html`<p class="muted small-text">No body.</p>`
      : body.json !== undefined ? html`<${Json} value=${body.json} marks=${marks} label=${`${title} body`} />`
        : body.text ? html`<pre class="json" tabindex="0" role="region" aria-label=${`${title} body`}><code>${marks.length ? html`<mark>${body.text}</mark>` : body.text}</code></pre>`
          : html`<p class="muted small-text">${body.omitted ?? "The body is no text."}</p>`}
    ${body?.truncated && html`<p class="muted small-text">Only the beginning is kept.</p>`}
  </section>`;
}
