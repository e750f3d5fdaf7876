import { Fragment, html, render, useEffect, useErrorBoundary, useState } from "./html.js";
import { keepToken, onTokenNeeded } from "./api.js";
import { useRoute } from "./route.js";
import { Shell, roles } from "./shell.js";
import { Head } from "./panel.js";
import { Alert } from "./dialog.js";

const load = {
  keys: () => import("./pages/keys.js"),
  collections: () => import("./pages/collections.js"),
  requests: () => import("./pages/requests.js"),
  faults: () => import("./pages/faults.js"),
  coverage: () => import("./pages/coverage.js"),
  reference: () => import("./pages/reference.js"),
};

function App() {
  const { page, query } = useRoute();
  const [token, setToken] = useState({ times: 0 });
  useEffect(() => onTokenNeeded((detail) => setToken((t) => ({ ...t, detail }))), []);
  const project = query.project || "demo";
  const role = roles.includes(query.as) ? query.as : "administrator";
  if (token.detail) {
    return html`<${Token} detail=${token.detail} onToken=${(given) => { keepToken(given); setToken((t) => ({ times: t.times + 1 })); }} />`;
  }
  return html`<${Shell} key=${token.times} page=${page} project=${project} role=${role}>
    <${Page} key=${page + project} page=${page} query=${query} project=${project} role=${role} />
  <//>`;
}

function Page({ page, ...rest }) {
  const [loaded, setLoaded] = useState({});
  const [failed] = useErrorBoundary((e) => console.error(e));
  useEffect(() => { load[page]().then((m) => setLoaded({ View: m.default }), (error) => setLoaded({ error })); }, [page]);
  const error = failed ?? loaded.error;
  if (error) return html`<${Alert} problem=${error} what="This page could not be shown." retry=${() => location.reload()} />`;
  return loaded.View ? html`<${loaded.View} ...${rest} />` : html`<${Fragment} />`;
}

// Token asks for what lets a browser in where other machines can reach the mock.
function Token({ detail, onToken }) {
  const submit = (e) => { e.preventDefault(); onToken(new FormData(e.target).get("token").trim()); };
  return html`<main class="gate"><form class="card" onSubmit=${submit}>
    <${Head} title="This mock asks for its token" lead="Other machines can reach it. The token is what --token set, or what the server printed when it started. It is kept until you close this tab." />
    <label class="field">Token <input name="token" type="password" required autofocus autocomplete="off" /></label>
    <p class="muted">${detail}</p>
    <button class="button primary">Open the console</button>
  </form></main>`;
}

render(html`<${App} />`, document.getElementById("app"));
