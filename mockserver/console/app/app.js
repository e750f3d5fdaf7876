import { html, render, useEffect, useErrorBoundary, useState } from "./html.js";
import { keepToken, onTokenNeeded } from "./api.js";
import { useRoute } from "./route.js";
import { keepFocus } from "./focus.js";
import { Shell, roles } from "./shell.js";
import { Head } from "./panel.js";
import { Alert } from "./dialog.js";
import { prepare } from "./format.js";
import Keys from "./pages/keys.js";
import Collections from "./pages/collections.js";
import Requests from "./pages/requests.js";
import Faults from "./pages/faults.js";
import Coverage from "./pages/coverage.js";
import Reference from "./pages/reference.js";

const views = { keys: Keys, collections: Collections, requests: Requests, faults: Faults, coverage: Coverage, reference: Reference };

function App() {
  const { page, query } = useRoute();
  const [token, setToken] = useState({ times: 0 });
  useEffect(() => onTokenNeeded((detail) => setToken((t) => ({ ...t, detail }))), []);
  const project = query.project || "demo";
  const role = roles.includes(query.as) ? query.as : "administrator";
  if (token.detail) {
    return html`<${Token} detail=${token.detail} refused=${token.times > 0} onToken=${(given) => { keepToken(given); setToken((t) => ({ times: t.times + 1 })); }} />`;
  }
  return html`<${Shell} key=${token.times} page=${page} project=${project} role=${role}>
    <${Page} key=${page + project} page=${page} query=${query} project=${project} role=${role} />
  <//>`;
}

function Page({ page, ...rest }) {
  const [failed] = useErrorBoundary((e) => console.error(e));
  if (failed) return html`<${Alert} problem=${failed} what="This page could not be shown." retry=${() => location.reload()} />`;
  return html`<${views[page]} ...${rest} />`;
}

// Token asks for what lets a browser in where other machines can reach the mock.
function Token({ detail, refused, onToken }) {
  const submit = (e) => { e.preventDefault(); onToken(new FormData(e.target).get("token").trim()); };
  return html`<main class="gate"><form class="card" onSubmit=${submit}>
    <${Head} title="This mock asks for its token" lead="Other machines can reach it. The token is what --token set, or what the server printed when it started. It is kept until you close this tab." />
    <label class="field">Token <input name="token" type="password" required autofocus autocomplete="off" /></label>
    ${refused && html`<p class="help wrong" role="alert">This token was refused.</p>`}
    <p class="muted">${detail}</p>
    <button class="button primary">Open the console</button>
  </form></main>`;
}

const root = document.getElementById("app");
render(html`<${App} />`, root);
keepFocus(root);
prepare();
