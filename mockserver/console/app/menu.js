import { html, useEffect, useLayoutEffect, useRef, useState } from "./html.js";
import { Icon } from "./icon.js";

// Menu is a button that opens a list of actions, after the pattern of the ARIA Authoring
// Practices: arrows move, Escape closes, Tab leaves.
export function Menu({ label, items }) {
  const [open, setOpen] = useState(false);
  const button = useRef();
  const list = useRef();
  const close = () => {
    if (list.current?.contains(document.activeElement)) button.current.focus(); // before the list goes
    setOpen(false);
  };

  useLayoutEffect(() => {
    if (!open) return;
    const { bottom, top, right } = button.current.getBoundingClientRect();
    const { style, offsetHeight, offsetWidth } = list.current;
    style.top = (bottom + offsetHeight + 8 > innerHeight ? top - offsetHeight - 4 : bottom + 4) + "px";
    style.left = Math.max(8, right - offsetWidth) + "px";
    list.current.firstElementChild.focus();
  }, [open]);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (e) => { if (!list.current?.contains(e.target) && !button.current?.contains(e.target)) close(); };
    document.addEventListener("pointerdown", outside);
    addEventListener("resize", close);
    addEventListener("scroll", close, true);
    return () => {
      document.removeEventListener("pointerdown", outside);
      removeEventListener("resize", close);
      removeEventListener("scroll", close, true);
    };
  }, [open]);

  const keys = (e) => {
    const all = [...list.current.children];
    const i = all.indexOf(document.activeElement);
    const to = { ArrowDown: i + 1, ArrowUp: i - 1 + all.length, Home: 0, End: all.length - 1 }[e.key];
    if (to !== undefined) { e.preventDefault(); all[to % all.length].focus(); }
    if (e.key === "Escape") { e.preventDefault(); close(); }
    if (e.key === "Tab") close();
  };
  return html`<div class="menu">
    <button ref=${button} type="button" class="icon-button" aria-haspopup="menu" aria-expanded=${String(open)} aria-label=${label} title="Actions" onClick=${() => setOpen(!open)}><${Icon} name="more" /></button>
    ${open && html`<div ref=${list} class="menu-list" role="menu" aria-label=${label} onKeyDown=${keys}>
      ${items.map((i) => html`<button type="button" role="menuitem" tabindex="-1" class=${i.danger ? "danger" : ""} onClick=${() => { close(); i.act(); }}><${Icon} name=${i.icon} />${i.label}</button>`)}
    </div>`}
  </div>`;
}
