// One item: as JSON with its links, quick to change where its values are few, or as a whole.
import { html, useEffect, useId, useRef, useState } from "../html.js";
import { at, send, useAnswer } from "../api.js";
import { change, href, go } from "../route.js";
import { Answer } from "../panel.js";
import { Alert, Confirm, CopyButton } from "../dialog.js";
import { Icon } from "../icon.js";
import { Json, escaped } from "../json.js";
import { titled, words } from "../format.js";
import { choices } from "./collections.js";

export function ItemView({ project, of: collection, id, collections, onChanged }) {
  const path = at("projects", project, "collections", collection.name.replaceAll("/", "."), id);
  const item = useAnswer((signal) => send("GET", path, { signal }), [path]);
  const [editing, setEditing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [said, setSaid] = useState(new URLSearchParams(location.search).get("made") ? "Made up. Change what you need." : "");
  const head = useRef();
  useEffect(() => { head.current.focus(); }, []);
  const back = () => change({ item: "", made: "" });
  const patch = async (changes) => {
    await send("PATCH", path, { body: changes });
    await item.reload();
    setSaid("Saved: the API answers with it from now on.");
    setEditing(false);
  };
  const remove = async () => {
    await send("DELETE", path);
    onChanged();
    back();
  };
  return html`<div class="item">
    <header class="item-head">
      <button type="button" class="button small" onClick=${back}><${Icon} name="left" />All ${words(collection.name)} items</button>
      <h2 ref=${head} tabindex="-1"><span class="muted">${titled(collection.name)}</span> <span class="mono">${id}</span></h2>
      <span class="item-actions">
        <button type="button" class="button small" aria-pressed=${String(editing)} onClick=${() => setEditing(!editing)}><${Icon} name="edit" />Edit JSON</button>
        <button type="button" class="button small" onClick=${() => setDeleting(true)}><${Icon} name="trash" />Delete</button>
      </span>
    </header>
    <p class=${said ? "said-line" : "hidden"} role="status">${said && html`<${Icon} name="check" />`}${said}</p>
    <${Answer} of=${item} what="The item">${({ value: kept }) => {
      const value = ordered(collection, kept);
      return html`<div class="item-body">
      <section class="card item-json" aria-label="Item">${editing
        ? html`<${Editor} value=${value} onSave=${patch} onClose=${() => setEditing(false)} />`
        : html`<div class="section-head"><h3>JSON</h3><${CopyButton} text=${JSON.stringify(value, null, 2)} kind="small" /></div>
          <${Json} value=${value} link=${linker(collection, collections)} label="The item as JSON" />`}
      </section>
      <${Quick} collection=${collection} value=${value} onChange=${patch} />
    </div>`;
    }}<//>
    ${deleting && html`<${Confirm} title="Delete this item?" lead="This is permanent: what lies below the item goes with it, and the API answers that it is not found." onClose=${() => setDeleting(false)} onConfirm=${remove}><p class="mono">${id}</p><//>`}
  </div>`;
}

// ordered is an item with its properties in the document's order.
function ordered({ properties }, value) {
  const names = properties.map((p) => p.name).filter((n) => n in value);
  return Object.fromEntries([...new Set([...names, ...Object.keys(value)])].map((n) => [n, value[n]]));
}

// linker knows which texts of an item name items of a collection.
function linker({ links }, collections) {
  const known = links.filter((l) => collections.some((c) => c.name === l.collection)).map((l) => ({
    collection: l.collection,
    fits: new RegExp(`^${l.property.split("/").map((t) => (t === "*" ? "\\d+" : t.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).join("/")}(/\\d+)?(/id|/${escaped(l.collection.split("/").at(-1))}_id)?$`),
  }));
  return (pointer, text) => {
    const link = known.find((l) => l.fits.test(pointer));
    if (!link) return null;
    const to = href("collections", { collection: link.collection, item: text });
    return { href: to, title: `Open this item of ${link.collection}`, onClick: (e) => { if (!e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); go(to); } } };
  };
}

// Quick changes the properties that have few values, one at a time.
function Quick({ collection, value, onChange }) {
  const [state, setState] = useState({});
  const few = collection.properties.filter((p) => choices(p).length > 0);
  const set = (p) => async (e) => {
    const wanted = choices(p).find((v) => String(v) === e.target.value) ?? null;
    setState({ busy: p.name });
    try {
      await onChange({ [p.name]: wanted });
      setState({});
    } catch (problem) {
      setState({ problem, of: p.name });
    }
  };
  return html`<section class="card quick" aria-label="Quick changes">
    <h3>Quick changes</h3>
    ${few.length === 0 && html`<p class="muted small-text">No property of this item has a fixed set of values. Edit the JSON to change it.</p>`}
    ${few.map((p) => {
      const now = value[p.name];
      return html`<label class="field">${titled(p.name)}
        <select value=${now === null || now === undefined ? "" : String(now)} aria-busy=${String(state.busy === p.name)} onChange=${set(p)}>
          ${(now === null || now === undefined) && html`<option value="">not set</option>`}
          ${choices(p).map((v) => html`<option value=${String(v)}>${String(v)}</option>`)}
        </select>
      </label>`;
    })}
    ${state.problem && html`<${Alert} problem=${state.problem} what=${`${titled(state.of)} could not be changed.`} />`}
  </section>`;
}

function Editor({ value, onSave, onClose }) {
  const [text, setText] = useState(JSON.stringify(value, null, 2));
  const [problem, setProblem] = useState();
  const [busy, setBusy] = useState(false);
  const id = useId();
  const save = async (e) => {
    e.preventDefault();
    if (busy) return;
    let wanted;
    try {
      wanted = JSON.parse(text);
      if (wanted === null || typeof wanted !== "object" || Array.isArray(wanted)) throw new Error("It must be an object.");
    } catch (wrong) {
      setProblem(wrong);
      return;
    }
    setBusy(true);
    try { await onSave(difference(value, wanted)); } catch (failed) { setProblem(failed); setBusy(false); }
  };
  return html`<form class="form" onSubmit=${save} noValidate>
    <div class="section-head"><h3><label for=${id}>JSON</label></h3><span class="item-actions">
      <button type="button" class="button small" onClick=${onClose}>Cancel</button><button class="button small primary" aria-disabled=${String(busy)}>Save</button>
    </span></div>
    <textarea id=${id} rows=${Math.min(32, Math.max(14, text.split("\n").length + 1))} value=${text} onInput=${(e) => setText(e.target.value)} spellcheck="false" autofocus></textarea>
    <p class="help">A property you take out is reset to null or left out. The item must fit the document.</p>
    ${problem && html`<${Alert} problem=${problem} what="The item could not be saved." />`}
  </form>`;
}

// difference is the merge patch (RFC 7396) that leads from one object to another.
function difference(from, to) {
  const patch = {};
  for (const name of Object.keys(from)) if (!(name in to)) patch[name] = null;
  const object = (v) => v !== null && typeof v === "object" && !Array.isArray(v);
  for (const [name, value] of Object.entries(to)) {
    if (JSON.stringify(value) === JSON.stringify(from[name])) continue;
    patch[name] = object(value) && object(from[name]) ? difference(from[name], value) : value;
  }
  return patch;
}
