// The collections of the document, and the items in them.
import { html, useEffect, useState } from "../html.js";
import { at, send, useAnswer } from "../api.js";
import { Link, change } from "../route.js";
import { Answer, Empty, Head, Pages, Search } from "../panel.js";
import { Alert } from "../dialog.js";
import { Icon } from "../icon.js";
import { Time, titled, words } from "../format.js";
import { ItemView } from "./item.js";

export const choices = (p) => (p.types.includes("boolean") ? [true, false] : p.enum?.filter((v) => v !== null && typeof v !== "object") ?? []);

export default function Collections({ project, query }) {
  const all = useAnswer((signal) => send("GET", at("projects", project, "collections"), { signal }), [project]);
  return html`<${Head} title="Collections" lead="Everything the API lists, as this project has it. What you change here, the API answers from the next request on." />
    <${Answer} of=${all} what="The collections">${({ collections }) => (collections.length === 0
      ? html`<section class="card"><${Empty} icon="collections" title="No collection"><p>The document served has none besides API keys.</p><//></section>`
      : html`<${Chosen} collections=${collections} project=${project} query=${query} onChanged=${all.reload} />`)}<//>`;
}

function Chosen({ collections, project, query, onChanged }) {
  const chosen = collections.find((c) => c.name === query.collection) ?? collections[0];
  return html`<div class="collections">
    <nav class="card collection-list" aria-label="Collections">
      <ul>${collections.map((c) => html`<li><${Link} to="collections" query=${{ collection: c.name }} aria-current=${c === chosen ? "page" : undefined}><span title=${c.name}>${c.name}</span><span class="muted">${c.items}</span><//></li>`)}</ul>
      <label class="field collection-select">Collection
        <select value=${chosen.name} onChange=${(e) => change({ collection: e.target.value, item: "", search: "", page: "" })}>${collections.map((c) => html`<option value=${c.name}>${`${c.name} (${c.items})`}</option>`)}</select>
      </label>
    </nav>
    ${query.item
      ? html`<${ItemView} key=${chosen.name + query.item} project=${project} of=${chosen} id=${query.item} collections=${collections} onChanged=${onChanged} />`
      : html`<${Items} key=${chosen.name} project=${project} of=${chosen} query=${query} onChanged=${onChanged} />`}
  </div>`;
}

// columns are the properties that tell items apart at a glance.
function columns(collection) {
  const worth = (p) => {
    if (["id", `${collection.name.split("/").at(-1)}_id`].includes(p.name)) return 0;
    if (/^(name|title|full_name|email|phone_number|url|label|subject)$/.test(p.name)) return 9;
    if (/^(status|state|type)$/.test(p.name)) return 8;
    if (p.enum) return 7;
    if (/^(created|updated|modified|start|added)/.test(p.name) && p.format === "date-time") return 6;
    if (p.types.includes("boolean")) return 5;
    if (p.types.includes("integer") || p.types.includes("number")) return 4;
    if (p.types.includes("string") && p.format !== "uuid") return 3;
    return 0;
  };
  const ranked = collection.properties.map((p) => [worth(p), p]).filter(([w]) => w > 0).sort((a, b) => b[0] - a[0]).slice(0, 5).map(([, p]) => p);
  const late = (p) => p.format === "date-time";
  return [...ranked.filter((p) => !late(p)), ...ranked.filter(late)];
}

function Items({ project, of: collection, query, onChanged }) {
  const search = query.search ?? "";
  const page = Math.max(1, Number(query.page) || 1);
  const size = [20, 50, 100].includes(Number(query.rows)) ? Number(query.rows) : 20;
  const filters = collection.properties.filter((p) => choices(p).length > 0 && choices(p).length < 30).slice(0, 3);
  const chosen = filters.filter((p) => query["is_" + p.name]).map((p) => `${p.name}=${query["is_" + p.name]}`);
  const path = at("projects", project, "collections", collection.name.replaceAll("/", "."));
  const [making, setMaking] = useState({});
  const items = useAnswer((signal) => {
    const wanted = new URLSearchParams({ limit: size, offset: (page - 1) * size, ...(search && { search }) });
    for (const f of chosen) wanted.append("filter", f);
    return send("GET", `${path}?${wanted}`, { signal });
  }, [path, search, page, size, chosen.join()]);
  const shown = columns(collection);
  const total = items.value?.total;
  useEffect(() => {
    if (total > 0 && (page - 1) * size >= total) change({ page: Math.ceil(total / size) }, { replace: true });
  }, [total, page, size]);

  const make = async () => {
    if (making.busy) return;
    setMaking({ busy: true });
    try {
      const item = await send("POST", path, { body: {} });
      onChanged();
      change({ item: item.id, collection: collection.name, made: "1" });
    } catch (problem) {
      setMaking({ problem });
    }
  };
  return html`<section class="card" aria-label=${collection.name} aria-busy=${String(!!items.loading)}>
    <div class="toolbar items-head">
      <h2>${titled(collection.name)}</h2><code class="muted">${collection.path}</code>
      <button type="button" class="button primary" aria-disabled=${String(!!making.busy)} onClick=${make}><${Icon} name="plus" />Create item</button>
    </div>
    <div class="toolbar filters">
      <${Search} label=${`Search ${words(collection.name)} items`} value=${search} onSearch=${(text) => change({ search: text, page: "" }, { replace: true })} />
      ${filters.map((p) => html`<label class="filter"><span class="hidden">${titled(p.name)}</span><select value=${query["is_" + p.name] ?? ""} onChange=${(e) => change({ ["is_" + p.name]: e.target.value, page: "" })}>
        <option value="">${`${titled(p.name)}: any`}</option>${choices(p).map((v) => html`<option value=${String(v)}>${String(v)}</option>`)}
      </select></label>`)}
    </div>
    ${making.problem && html`<${Alert} problem=${making.problem} what="The item could not be made." />`}
    <${Answer} of=${items} what="The items">${({ items: list, total: all }) => (all === 0
      ? (search || chosen.length
        ? html`<${Empty} icon="search" title="No item found"><button type="button" class="button" onClick=${() => change(Object.fromEntries(["search", "page", ...filters.map((p) => "is_" + p.name)].map((n) => [n, ""])))}>Show all items</button><//>`
        : html`<${Empty} icon="collections" title="Nothing here yet"><p>Create an item: what you do not give is made up, and fits the document.</p><//>`)
      : html`<div class="table-wrap"><table class="table cards" role="table" aria-label=${`Items of ${collection.name}`}>
          <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">ID</th>${shown.map((p) => html`<th role="columnheader" scope="col">${titled(p.name)}</th>`)}</tr></thead>
          <tbody role="rowgroup">${list.map((item) => html`<tr role="row" key=${item.id}>
            <th role="rowheader" scope="row" class="mono item-id"><${Link} to="collections" query=${{ ...query, collection: collection.name, item: item.id }} title=${item.id}>${item.id.length > 22 ? item.id.slice(0, 13) + "…" : item.id}<//></th>
            ${shown.map((p) => html`<td role="cell" data-label=${titled(p.name)} class="item-cell"><${Cell} property=${p} value=${item.value[p.name]} /></td>`)}
          </tr>`)}</tbody>
        </table></div>
        <${Pages} page=${page} size=${size} total=${all} noun=${all === 1 ? "item" : "items"} onPage=${(p) => change({ page: p > 1 ? p : "" })} onSize=${(n) => change({ rows: n === 20 ? "" : n, page: "" })} />`)}<//>
  </section>`;
}

const tones = [[/^(completed?|active|published|enabled|succeeded|success|connected|accepted|verified)$/, "good"], [/fail|error|expired|declined|disabled|canceled/, "bad"], [/progress|pending|queue|ringing|dialing|draft|running|processing/, "warn"]];

function Cell({ property, value }) {
  if (value === null || value === undefined) return html`<span class="muted">–</span>`;
  if (typeof value === "boolean") return html`<span class=${value ? "chip good" : "chip"}>${value ? "yes" : "no"}</span>`;
  if (property.enum) return html`<span class=${`chip ${tones.find(([words]) => words.test(value))?.[1] ?? ""}`}>${String(value)}</span>`;
  if (property.format === "date-time") return html`<${Time} at=${value} style="minute" />`;
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return html`<span title=${text}>${text}</span>`;
}
