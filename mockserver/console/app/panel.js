// What every page is made of: its head, and what it shows while there is nothing to show.
import { html, useEffect, useRef } from "./html.js";
import { Alert } from "./dialog.js";
import { Icon } from "./icon.js";

export function Head({ title, trail, lead, children }) {
  useEffect(() => { document.title = `${title} · Diga mock`; }, [title]);
  return html`<header class="head">
    <div>
      ${trail && html`<p class="trail">${trail.map((t, i) => html`${i > 0 && html`<span aria-hidden="true"> › </span>`}<span>${t}</span>`)}</p>`}
      <h1 tabindex="-1">${title}</h1>
      ${lead && html`<p class="lead">${lead}</p>`}
    </div>
    ${children && html`<div class="head-actions">${children}</div>`}
  </header>`;
}

export function Empty({ icon, title, children }) {
  return html`<div class="empty"><span class="empty-icon"><${Icon} name=${icon} /></span><h2>${title}</h2>${children}</div>`;
}

// Answer shows what an answer holds, or why there is none yet.
export function Answer({ of, what, rows = 6, children }) {
  if (of.value !== undefined) {
    return html`${of.error && html`<${Alert} problem=${of.error} what=${`${what} could not be loaded.`} retry=${of.reload} />`}${children(of.value)}`;
  }
  if (of.error) return html`<${Alert} problem=${of.error} what=${`${what} could not be loaded.`} retry=${of.reload} />`;
  return html`<div class="loading" role="status" aria-label=${`Loading ${what}`}>${Array.from({ length: rows }, () => html`<span class="bone"></span>`)}</div>`;
}

export function Pages({ page, size, total, noun, onPage, onSize }) {
  const last = Math.max(1, Math.ceil(total / size));
  const from = total ? (page - 1) * size + 1 : 0;
  return html`<nav class="pages" aria-label="Pages">
    <span class="muted" role="status">${from}–${Math.min(page * size, total)} of ${total.toLocaleString()} ${noun}</span>
    ${onSize && html`<label class="rows">Rows <select value=${size} onChange=${(e) => onSize(Number(e.target.value))}>${[20, 50, 100].map((n) => html`<option value=${n}>${n}</option>`)}</select></label>`}
    <span class="page-buttons">
      <button type="button" class="button small" disabled=${page <= 1} onClick=${() => onPage(page - 1)}><${Icon} name="left" />Previous<span class="hidden"> page</span></button>
      <button type="button" class="button small" disabled=${page >= last} onClick=${() => onPage(page + 1)}>Next<span class="hidden"> page</span><${Icon} name="right" /></button>
    </span>
  </nav>`;
}

// Search asks when the typing rests.
export function Search({ label, value, onSearch }) {
  const timer = useRef();
  const input = (e) => {
    clearTimeout(timer.current);
    const { value: text } = e.target;
    timer.current = setTimeout(() => onSearch(text), 120);
  };
  return html`<div class="search"><${Icon} name="search" /><input type="search" aria-label=${label} placeholder=${label} value=${value} onInput=${input} maxlength="255" autocomplete="off" spellcheck="false" /></div>`;
}
