// JSON as text that people read: indented, coloured, with links, and with places marked.
import { html, useEffect, useRef, useState } from "./html.js";

const many = 100; // members of an array or object that are shown at first
export const escaped = (token) => token.replaceAll("~", "~0").replaceAll("/", "~1");

// Json shows a value. marks are RFC 6901 pointers to point at; link(pointer, text) is what
// a text links to, if anything.
export function Json({ value, marks = [], link = () => null, label = "JSON" }) {
  const box = useRef();
  useEffect(() => {
    const mark = box.current.querySelector("mark");
    if (mark) box.current.scrollTop = Math.max(0, mark.offsetTop - 60);
  }, [value, marks.join()]);
  return html`<pre class="json" ref=${box} tabindex="0" role="region" aria-label=${label}><code><${Value} value=${value} at="" depth=${0} marks=${marks} link=${link} last=${true} /></code></pre>`;
}

function Value({ name, value, at, depth, marks, link, last }) {
  const [all, setAll] = useState(false);
  const pad = "  ".repeat(depth);
  const key = name === undefined ? "" : html`<span class="j-key">${JSON.stringify(name)}</span>: `;
  const marked = (inner) => (marks.includes(at) ? html`<mark>${inner}</mark>` : inner);
  const end = (last ? "" : ",") + "\n";
  if (value === null || typeof value !== "object") {
    const to = typeof value === "string" ? link(at, value) : null;
    const text = JSON.stringify(value);
    const shown = html`<span class=${"j-" + (value === null ? "null" : typeof value)}>${to ? html`<a ...${to}>${text}</a>` : text}</span>`;
    return html`${pad}${marked(html`${key}${shown}`)}${end}`;
  }
  const list = Array.isArray(value);
  const members = list ? value.map((v, i) => [i, v]) : Object.entries(value);
  const [open, close] = list ? "[]" : "{}";
  if (!members.length) return html`${pad}${marked(html`${key}${open}${close}`)}${end}`;
  const shown = all ? members : members.slice(0, many);
  return html`${pad}${marked(html`${key}${open}`)}${"\n"}${shown.map(([k, v], i) => html`<${Value} key=${k} name=${list ? undefined : k} value=${v} at=${`${at}/${escaped(String(k))}`} depth=${depth + 1} marks=${marks} link=${link} last=${i === members.length - 1} />`)}${
    shown.length < members.length && html`${pad}  <button type="button" class="text-button" onClick=${() => setAll(true)}>${`Show ${members.length - many} more`}</button>${"\n"}`}${pad}${close}${end}`;
}
