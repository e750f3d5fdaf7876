// What each operation does and why, and what of it this project's traffic has exercised.
import { html, useMemo } from "../html.js";
import { at, send, useAnswer } from "../api.js";
import { change } from "../route.js";
import { Answer, Empty, Head, Search } from "../panel.js";
import { Icon } from "../icon.js";
import { count } from "../format.js";
import { bases } from "./rows.js";
import { Operation } from "./operation.js";

const dimensions = [["operations", "Operations"], ["parameters", "Parameters"], ["boundaries", "Boundaries"], ["statuses", "Statuses"], ["properties", "Properties"], ["values", "Enum values"]];
const tones = { handwritten: "good", inferred: "info", sampled: "warn", override: "accent" };

export const Bar = ({ covered, total, label }) => html`<span class="bar" role="img" aria-label=${`${label}: ${covered} of ${total}`}><i style=${{ width: total ? `${(covered / total) * 100}%` : "0" }}></i></span>`;

export default function Coverage({ project, query }) {
  const both = useAnswer(async (signal) => {
    const [plan, coverage] = await Promise.all([send("GET", at("plan"), { signal }), send("GET", at("projects", project, "coverage"), { signal })]);
    return { plan, coverage };
  }, [project]);
  return html`<${Head} title="Plan and coverage" lead="What the mock does with each operation and why, and what your traffic has exercised of it.">
      <button type="button" class="button" aria-disabled=${String(!!both.loading)} onClick=${both.reload}><${Icon} name="refresh" />Refresh</button>
    <//>
    <${Answer} of=${both} what="The plan">${({ plan, coverage }) => html`<${Summary} of=${coverage} /><${Table} plan=${plan} coverage=${coverage} query=${query} />`}<//>`;
}

function Summary({ of: { percentage, totals } }) {
  return html`<section class="card summary" aria-label="Coverage">
    <p class="big"><strong>${percentage || (totals.operations.covered ? "<0.1" : 0)}<small>%</small></strong><span class="muted">of the document exercised</span></p>
    <dl class="dimensions">${dimensions.map(([d, label]) => html`<div><dt>${label}</dt><dd><span>${count(totals[d].covered)}<span class="muted"> of ${count(totals[d].total)}</span></span><${Bar} ...${totals[d]} label=${label} /></dd></div>`)}</dl>
  </section>`;
}

const share = (o) => dimensions.reduce((sum, [d]) => ({ covered: sum.covered + o.totals[d].covered, total: sum.total + o.totals[d].total }), { covered: 0, total: 0 });

function Table({ plan, coverage, query }) {
  const { search = "", basis = "", calls = "", open } = query;
  const rows = useMemo(() => {
    const counted = new Map(coverage.operations.map((o) => [`${o.method} ${o.path}`, o]));
    return plan.lines.map((line) => {
      const operation = counted.get(`${line.method} ${line.path}`);
      const handwritten = Object.hasOwn(operation?.bases ?? {}, "handwritten");
      return { line, operation, basis: handwritten ? "handwritten" : line.basis, name: line.operation || `${line.method} ${line.path}`, share: operation ? share(operation) : { covered: 0, total: 0 } };
    });
  }, [plan, coverage]);
  const shown = rows.filter(({ line, operation, basis: b, name }) => (!search || `${line.method} ${line.path} ${name} ${line.collection ?? ""} ${line.kind}`.toLowerCase().includes(search.toLowerCase()))
    && (!basis || b === basis) && (!calls || (calls === "yes") === (operation?.calls > 0)));
  return html`<section class="card" aria-label="Operations">
    <div class="toolbar filters">
      <${Search} label="Search operations" value=${search} onSearch=${(text) => change({ search: text }, { replace: true })} />
      <label class="filter"><span class="hidden">Basis</span><select value=${basis} onChange=${(e) => change({ basis: e.target.value })}><option value="">Basis: any</option>${Object.keys(bases).map((b) => html`<option value=${b}>${b}</option>`)}</select></label>
      <label class="filter"><span class="hidden">Exercised</span><select value=${calls} onChange=${(e) => change({ calls: e.target.value })}><option value="">Exercised: any</option><option value="yes">Called</option><option value="no">Never called</option></select></label>
      <span class="muted small-text count" role="status">${shown.length === rows.length ? `${rows.length} operations` : `${shown.length} of ${rows.length} operations`}</span>
    </div>
    ${shown.length === 0 ? html`<${Empty} icon="search" title="No operation found"><button type="button" class="button" onClick=${() => change({ search: "", basis: "", calls: "" })}>Show all operations</button><//>` : html`<div class="table-wrap"><table class="table cards plan" role="table" aria-label="Operations">
      <thead role="rowgroup"><tr role="row">${["Operation", "Plan", "Basis", "Calls", "Exercised"].map((c) => html`<th role="columnheader" scope="col">${c}</th>`)}</tr></thead>
      <tbody role="rowgroup">${shown.map((row) => html`<${Line} key=${row.name} of=${row} open=${open === row.name} missing=${coverage.missing} />`)}</tbody>
    </table></div>`}
  </section>`;
}

function Line({ of: { line, operation, basis, name, share: s }, open, missing }) {
  return html`<tr role="row">
    <th role="rowheader" scope="row" class="op">
      <button type="button" class="op-button" aria-expanded=${String(open)} onClick=${() => change({ open: open ? "" : name }, { replace: true })}>
        <${Icon} name="right" /><span class=${`mono method m-${line.method.toLowerCase()}`}>${line.method}</span><span class="mono">${line.path}</span>
      </button>
    </th>
    <td role="cell" data-label="Plan"><span class="kind">${line.kind}${line.collection && line.kind !== "sampled" && html` <span class="muted">${line.collection}</span>`}</span></td>
    <td role="cell" data-label="Basis"><span class=${`chip ${tones[basis] ?? ""}`} title=${bases[basis]}>${basis}</span></td>
    <td role="cell" data-label="Calls" class="number">${operation?.calls ? count(operation.calls) : html`<span class="muted">0</span>`}</td>
    <td role="cell" data-label="Exercised" class="share"><${Bar} ...${s} label="Exercised" /><span class="muted small-text">${s.covered}/${s.total}</span></td>
  </tr>
  ${open && html`<tr role="row" class="op-open"><td role="cell" colspan="5"><${Operation} line=${line} of=${operation} name=${name} missing=${missing} /></td></tr>`}`;
}
