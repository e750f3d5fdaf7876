// The rows of the requests that are in sight, and room for the others: ten thousand scroll
// like ten.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../html.js";
import { href, go, change } from "../route.js";
import { Time, duration } from "../format.js";
import { credential } from "../credential.js";

const narrow = 760; // px, below which a row has two lines
const beyond = 12; // rows rendered out of sight
export const tone = (status) => ["bad", "info", "good", "info", "warn", "bad"][Math.floor(status / 100)] ?? "bad";
export const bases = { handwritten: "Written for this operation by hand", inferred: "Inferred from the document", sampled: "Made up from the schema: the same each time", override: "Set by an override" };

export function Rows({ list, open }) {
  const box = useRef();
  const [view, setView] = useState({ top: 0, height: 600, row: 41 });
  const before = useRef(list);
  const focus = useRef();

  useEffect(() => {
    const measure = ([{ target }]) => setView({ top: target.scrollTop, height: target.clientHeight, row: target.clientWidth < narrow ? 58 : 41 });
    const observer = new ResizeObserver(measure);
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => { // what is being read stays where it is when rows come in above
    const added = list.indexOf(before.current[0]);
    if (added > 0 && box.current.scrollTop > 0) box.current.scrollTop += added * view.row;
    before.current = list;
  }, [list]);
  useEffect(() => { if (focus.current !== undefined) box.current.querySelector(`[data-index="${focus.current}"] a`)?.focus(); focus.current = undefined; });

  const first = Math.max(0, Math.floor(view.top / view.row) - beyond);
  const last = Math.min(list.length, Math.ceil((view.top + view.height) / view.row) + beyond);
  const scrolled = ({ scrollTop: top }) => setView((v) => ({ ...v, top })); // read now: the box may be gone when the view is set
  const keys = (e) => {
    const now = Number(e.target.closest("[data-index]")?.dataset.index);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: list.length - 1 }[e.key];
    if (isNaN(now) || to === undefined || to < 0 || to >= list.length) return;
    e.preventDefault();
    const y = to * view.row;
    if (y < box.current.scrollTop) box.current.scrollTop = y;
    if (y + view.row > box.current.scrollTop + view.height - 34) box.current.scrollTop = y + view.row - view.height + 34;
    focus.current = to;
    scrolled(box.current);
  };
  const choose = (e, row) => {
    if (e.target.closest("a") || getSelection().toString()) return;
    change({ open: row });
  };
  return html`<div class="rows-box" ref=${box} onScroll=${(e) => scrolled(e.currentTarget)}>
    <div role="table" aria-label="Requests, newest first" aria-rowcount=${list.length + 1} class=${view.row > 41 ? "grid-rows narrow" : "grid-rows"} onKeyDown=${keys}>
      <div role="rowgroup"><div role="row" class="grid-head">${["Time", "Method", "Path", "Status", "Key", "Duration", "Basis"].map((c) => html`<span role="columnheader">${c}</span>`)}</div></div>
      <div role="rowgroup" class="grid-body" style=${{ height: list.length * view.row + "px" }}>
        ${list.slice(first, last).map((e, i) => html`<${Row} key=${e.row} of=${e} index=${first + i} y=${(first + i) * view.row} open=${e.row === open} onChoose=${choose} />`)}
      </div>
    </div>
  </div>`;
}

function Row({ of: e, index, y, open, onChoose }) {
  const to = href("requests", { ...Object.fromEntries(new URLSearchParams(location.search)), open: e.row });
  const click = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  const wrong = e.violations.length;
  const key = credential(e);
  return html`<div role="row" class=${open ? "grid-row current" : "grid-row"} aria-rowindex=${index + 2} aria-current=${open ? "true" : undefined} data-index=${index} style=${{ transform: `translateY(${y}px)` }} onClick=${(event) => onChoose(event, e.row)}>
    <span role="cell" class="mono muted c-time"><${Time} at=${e.time} style="clock" /></span>
    <span role="cell" class=${`mono c-method m-${e.request.method.toLowerCase()}`}>${e.request.method}</span>
    <span role="cell" class="mono c-path"><a href=${to} onClick=${click} title=${e.request.path + (e.request.query ? "?" + e.request.query : "")}>${e.request.path}${e.request.query && html`<span class="muted">?${e.request.query}</span>`}</a></span>
    <span role="cell" class="c-status"><span class=${`chip ${tone(e.response.status)}`}>${e.response.status || "none"}</span>${wrong > 0 && html`<span class="dot" title=${`${wrong} violations of the contract`}><span class="hidden">violates the contract</span></span>`}</span>
    <span role="cell" class=${`mono c-key ${key.state}`} title=${key.long}>${key.text}</span>
    <span role="cell" class="mono muted c-duration">${duration(e.duration_ns)}</span>
    <span role="cell" class="muted c-basis" title=${bases[e.basis]}>${e.basis || "–"}</span>
  </div>`;
}
