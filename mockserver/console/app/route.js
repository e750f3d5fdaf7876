// The address says what is shown: the page, and in its query all that a reload keeps.
import { html, useEffect, useState } from "./html.js";

export const paths = {
  keys: "/_mock/", collections: "/_mock/console/collections", requests: "/_mock/console/requests",
  faults: "/_mock/console/faults", coverage: "/_mock/console/coverage", reference: "/_mock/console/reference",
};
const everywhere = ["project", "as"]; // in the query of every page

const read = () => ({
  page: Object.keys(paths).find((p) => paths[p] === location.pathname) ?? "keys",
  query: Object.fromEntries(new URLSearchParams(location.search)),
});

const listeners = new Set();
const changed = () => listeners.forEach((f) => f(read()));
addEventListener("popstate", changed);

export function useRoute() {
  const [route, set] = useState(read);
  useEffect(() => { listeners.add(set); return () => listeners.delete(set); }, []);
  return route;
}

// href is the address of a page. Empty values leave the query.
export function href(page, query = {}) {
  const now = read().query;
  const wanted = new URLSearchParams();
  for (const name of everywhere) if (now[name] && !(name in query)) wanted.set(name, now[name]);
  for (const [name, value] of Object.entries(query)) if (value || value === 0) wanted.set(name, value);
  return paths[page] + (wanted.size ? "?" + wanted : "");
}

export function go(address, { replace = false } = {}) {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  changed();
}

// change puts some of the page's query in the place of what was there.
export function change(values, options) {
  const { page, query } = read();
  go(href(page, { ...query, ...values }), options);
}

// Link leads to another page without loading it anew, except to and from the reference,
// whose Content-Security-Policy is its own.
export function Link({ to, query, children, ...rest }) {
  const address = href(to, query);
  const click = (e) => {
    if (e.defaultPrevented || e.button || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    if (to === "reference" || read().page === "reference") return;
    e.preventDefault();
    go(address);
  };
  return html`<a href=${address} onClick=${click} ...${rest}>${children}</a>`;
}
