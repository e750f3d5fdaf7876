import { html, useEffect, useState } from "./html.js";
import { Icon } from "./icon.js";
import { Link, change } from "./route.js";
import { useAnswer, send, at } from "./api.js";

export const names = {
  keys: "API Keys", collections: "Collections", requests: "Requests", faults: "Faults and clock",
  coverage: "Plan and coverage", reference: "API reference",
};
const groups = [["Project settings", ["keys"]], ["Data", ["collections"]], ["Traffic", ["requests", "faults"]], ["Contract", ["coverage", "reference"]]];
export const roles = ["administrator", "member", "reader"];
const themes = [["system", "System"], ["light", "Light"], ["dark", "Dark"]];

export function Shell({ page, project, role, children }) {
  const [open, setOpen] = useState(false);
  const projects = useAnswer((signal) => send("GET", at("projects"), { signal }), [project]);
  const health = useAnswer((signal) => send("GET", at("health"), { signal }), []);
  useEffect(() => setOpen(false), [page]);
  const known = projects.value?.projects.map((p) => p.name) ?? [];
  if (!known.includes(project)) known.push(project);
  const other = { open: undefined, item: undefined, search: undefined, page: undefined, collection: undefined };

  return html`<div class="shell">
    <a class="skip" href="#main">Skip to the page</a>
    <aside class=${open ? "side open" : "side"}>
      <div class="brand">
        <img src="/_mock/console/assets/icon.svg" alt="" width="30" height="30" />
        <span><strong>Diga mock</strong><small>${health.value ? "digakit " + health.value.version : "digakit"}</small></span>
        <button type="button" class="icon-button toggle" aria-expanded=${String(open)} aria-controls="side" aria-label=${open ? "Close the menu" : "Open the menu"} onClick=${() => setOpen(!open)}><${Icon} name=${open ? "close" : "menu"} /></button>
      </div>
      <div class="side-body" id="side">
        <label class="field side-field">Project
          <select value=${project} onChange=${(e) => change({ ...other, project: e.target.value === "demo" ? "" : e.target.value })}>${known.map((p) => html`<option value=${p}>${p}</option>`)}</select>
        </label>
        <nav aria-label="Console">
          ${groups.map(([group, pages]) => html`<div class="group"><p class="group-name">${group}</p><ul>
            ${pages.map((p) => html`<li><${Link} to=${p} class="nav-link" aria-current=${p === page ? "page" : undefined}><${Icon} name=${p} />${names[p]}<//></li>`)}
          </ul></div>`)}
        </nav>
        <div class="side-foot">
          <label class="field side-field">View as
            <select value=${role} onChange=${(e) => change({ as: e.target.value === "administrator" ? "" : e.target.value })}>${roles.map((r) => html`<option value=${r}>${r[0].toUpperCase() + r.slice(1)}</option>`)}</select>
          </label>
          <${Theme} />
        </div>
      </div>
    </aside>
    <main id="main" tabindex="-1" class=${`page page-${page}`}>${children}</main>
  </div>`;
}

function Theme() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme);
  const choose = (t) => {
    localStorage.setItem("digakit theme", t);
    document.documentElement.dataset.theme = t;
    setTheme(t);
    dispatchEvent(new Event("theme"));
  };
  return html`<div class="segments" role="radiogroup" aria-label="Theme">
    ${themes.map(([t, label]) => html`<label title=${label}><input type="radio" name="theme" value=${t} checked=${t === theme} onChange=${() => choose(t)} /><span><${Icon} name=${{ light: "sun", dark: "moon" }[t] ?? "system"} /><span class="hidden">${label}</span></span></label>`)}
  </div>`;
}
