// Settings > Project > API Keys.
import { html, useEffect, useState } from "../html.js";
import { at, send, useAnswer } from "../api.js";
import { change } from "../route.js";
import { Answer, Empty, Head, Pages, Search } from "../panel.js";
import { Confirm } from "../dialog.js";
import { Icon } from "../icon.js";
import { Menu } from "../menu.js";
import { Time, plural } from "../format.js";
import { KeyForm, Made } from "./keyform.js";

const trail = ["Settings", "Project", "API Keys"];

export default function Keys({ project, role, query }) {
  if (role !== "administrator") return html`<${Refused} role=${role} />`;
  return html`<${Table} project=${project} query=${query} />`;
}

function Refused({ role }) {
  return html`<${Head} title="API Keys" trail=${trail} />
    <section class="card"><${Empty} icon="lock" title="This section is for administrators">
      <p>Only project administrators can create, view, and manage API keys. You are viewing this project as a ${role}.</p>
      <button type="button" class="button" onClick=${() => change({ as: "" })}>Back to the administrator's view</button>
    <//></section>`;
}

function Table({ project, query }) {
  const search = query.search ?? "";
  const page = Math.max(1, Number(query.page) || 1);
  const size = [20, 50, 100].includes(Number(query.rows)) ? Number(query.rows) : 20;
  const [open, setOpen] = useState({}); // the dialog in use: form, made, gone
  const [said, setSaid] = useState("");
  const keys = useAnswer((signal) => send("GET", at("projects", project, "api_keys"), {
    signal, query: { limit: size, offset: (page - 1) * size, ...(search && { search }) },
  }), [project, search, page, size]);
  const total = keys.value?.total;
  useEffect(() => { // a page that is no more
    if (total > 0 && (page - 1) * size >= total) change({ page: Math.ceil(total / size) }, { replace: true });
  }, [total, page, size]);

  const saved = (key, fresh) => {
    setOpen(fresh ? { made: key } : {});
    setSaid(fresh ? "" : `${key.name} is saved.`);
    keys.reload();
  };
  const remove = async (key) => {
    await send("DELETE", at("projects", project, "api_keys", key.id));
    await keys.reload();
    setOpen({});
    setSaid(`${key.name} is deleted.`);
  };

  return html`<${Head} title="API Keys" trail=${trail} lead="Connect your own applications to the API. Give each key only the permissions it needs.">
      <button type="button" class="button primary" onClick=${() => setOpen({ form: {} })}><${Icon} name="plus" />Create API Key</button>
    <//>
    <section class="card" aria-label="API Keys" aria-busy=${String(!!keys.loading)}>
      <div class="toolbar">
        <${Search} label="Search keys by name" value=${search} onSearch=${(text) => change({ search: text, page: "" }, { replace: true })} />
        <span class=${said ? "muted" : "hidden"} role="status">${said}</span>
      </div>
      <${Answer} of=${keys} what="The keys" rows=${8}>${({ api_keys: list, total: all, editable }) => (all === 0
        ? (search
          ? html`<${Empty} icon="search" title=${`No keys match “${search}”`}><p>The search looks at the names of all keys in this project.</p><button type="button" class="button" onClick=${() => change({ search: "", page: "" })}>Show all keys</button><//>`
          : html`<${Empty} icon="keys" title="No API keys yet"><p>A key lets an application call the API in this project's name.</p><//>`)
        : html`<div class="table-wrap"><table class="table cards keys" role="table">
            <thead role="rowgroup"><tr role="row">${["Name", "Key ID", "Key", "Creation date", "Permissions"].map((c) => html`<th role="columnheader" scope="col">${c}</th>`)}<th role="columnheader" scope="col"><span class="hidden">Actions</span></th></tr></thead>
            <tbody role="rowgroup">${list.map((key) => html`<${Row} key=${key.id} of=${key} editable=${editable} onEdit=${() => setOpen({ form: { key } })} onDelete=${() => setOpen({ gone: key })} onCopy=${async () => {
              await navigator.clipboard?.writeText(key.id);
              setSaid(`The ID of ${key.name} is copied.`);
            }} />`)}</tbody>
          </table></div>
          <${Pages} page=${page} size=${size} total=${all} noun=${all === 1 ? "key" : "keys"} onPage=${(p) => change({ page: p > 1 ? p : "" })} onSize=${(n) => change({ rows: n === 20 ? "" : n, page: "" })} />`)}<//>
    </section>
    ${open.form && html`<${KeyForm} project=${project} was=${open.form.key} onClose=${() => setOpen({})} onSaved=${saved} />`}
    ${open.made && html`<${Made} of=${open.made} onClose=${() => setOpen({})} />`}
    ${open.gone && html`<${Gone} project=${project} of=${open.gone} onClose=${() => setOpen({})} onConfirm=${() => remove(open.gone)} />`}`;
}

function Row({ of: key, editable, onEdit, onDelete, onCopy }) {
  const granted = Object.values(key.access ?? {}).filter((level) => level !== "No access").length;
  const items = [
    editable && { label: "Edit", icon: "edit", act: onEdit },
    { label: "Copy key ID", icon: "copy", act: onCopy },
    { label: "Delete", icon: "trash", danger: true, act: onDelete },
  ].filter(Boolean);
  return html`<tr role="row">
    <th role="rowheader" scope="row" class="name" title=${key.name}>${key.name}</th>
    <td role="cell" class="mono id" data-label="Key ID" title=${key.id}>${key.id}</td>
    <td role="cell" class="mono" data-label="Key"><span class="dots" aria-label=${`ends in ${key.last_four_digits}`}>••••••••</span>${key.last_four_digits}</td>
    <td role="cell" data-label="Creation date"><${Time} at=${key.created_date} /></td>
    <td role="cell" data-label="Permissions">${key.restricted
      ? html`<span class="chip good">Restricted</span><span class="muted small-text">${plural(granted, "resource")}</span>`
      : html`<span class="chip warn">Unrestricted</span>`}</td>
    <td role="cell" class="actions"><${Menu} label=${`Actions for ${key.name}`} items=${items} /></td>
  </tr>`;
}

// Gone asks before a key is deleted, and says what stops working.
function Gone({ project, of: key, onClose, onConfirm }) {
  const used = useAnswer((signal) => send("GET", at("projects", project, "requests"), { signal, query: { key_id: key.id, limit: 1000 } }), [key.id]);
  const requests = used.value?.requests ?? [];
  const operations = new Set(requests.map((r) => r.operation).filter(Boolean));
  const can = Object.entries(key.access ?? {}).filter(([, level]) => level !== "No access").map(([resource]) => resource);
  return html`<${Confirm} title=${`Delete ${key.name}?`} onClose=${onClose} onConfirm=${onConfirm}
      lead="Deleting an API key is permanent. Any application or service using this key will stop working immediately.">
    <ul class="facts">
      <li>Requests with the key that ends in <code>${key.last_four_digits}</code> are refused from now on.</li>
      <li>${key.restricted ? (can.length ? `It gives access to ${can.join(", ")}.` : "It gives access to nothing.") : "It gives full access to all API resources."}</li>
      ${used.value && html`<li>${requests.length
        ? html`It was used lately: ${plural(requests.length, "request")} to ${plural(operations.size, "operation")}, the last on <${Time} at=${requests.at(-1).time} style="minute" />.`
        : "No request in this project's journal used it."}</li>`}
    </ul>
  <//>`;
}
