// One operation of the plan: why it does what it does, and what of it was exercised.
import { html } from "../html.js";
import { Link } from "../route.js";
import { plural } from "../format.js";

const hit = (n) => (n > 0 ? "hit yes" : "hit");
const Hits = ({ of: list }) => html`<ul class="hits">${list.map((x) => html`<li class=${x.unreachable ? "hit never" : hit(x.count)} title=${x.unreachable ?? (x.count > 0 ? `exercised ${plural(x.count, "time")}` : "not exercised")}>${x.name}<span class="hidden">${x.count > 0 ? " exercised" : " not exercised"}</span></li>`)}</ul>`;

export function Operation({ line, of: operation, name, missing }) {
  const gaps = missing.filter((m) => m.method === line.method && m.path === line.path);
  return html`<div class="operation">
    <p><strong>Why:</strong> ${line.reason}. ${operation?.calls > 0 && html`<${Link} to="requests" query=${{ operation: name }}>Show its requests<//>`}</p>
    <p class="mono muted small-text">${name}</p>
    ${operation && html`
      <${Part} title="Statuses"><${Hits} of=${operation.statuses} /><//>
      ${operation.parameters.length > 0 && html`<${Part} title="Parameters"><${Hits} of=${operation.parameters} /><//>`}
      ${operation.parameters.filter((p) => p.boundaries.length + p.values.length > 0).map((p) => html`<${Part} title=${`Values of ${p.name}`}><${Hits} of=${[...p.values, ...p.boundaries]} /><//>`)}
      ${operation.properties.length > 0 && html`<${Part} title="Properties sent"><${Hits} of=${operation.properties} /><//>`}
      ${operation.values.map((v) => html`<${Part} title=${`Values sent of ${v.name || "the body"}`}><${Hits} of=${v.items} /><//>`)}
      ${operation.statuses.filter((s) => s.properties.length + s.values.length > 0).map((s) => html`
        <${Part} title=${`Properties of ${s.name}`}><${Hits} of=${s.properties} /><//>
        ${s.values.map((v) => html`<${Part} title=${`Values of ${v.name || "the body"} in ${s.name}`}><${Hits} of=${v.items} /><//>`)}`)}`}
    ${gaps.length > 0 && html`<details><summary>${plural(gaps.length, "thing")} not exercised, in words</summary><ul class="gaps">${gaps.map((g) => html`<li>${g.what}</li>`)}</ul></details>`}
  </div>`;
}

const Part = ({ title, children }) => html`<div class="part"><h2>${title}</h2>${children}</div>`;
