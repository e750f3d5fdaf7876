// The document served, to read and to try. Swagger UI is loaded here alone: it is larger than
// all the rest.
import { html, useEffect, useRef } from "../html.js";
import { at, send, useAnswer } from "../api.js";
import { Answer, Head } from "../panel.js";
import { demoKey } from "../curl.js";

const vendor = "/_mock/console/assets/vendor/";

const loaded = (element) => new Promise((done, fail) => {
  element.onload = done;
  element.onerror = () => fail(new Error(`${element.src ?? element.href} could not be loaded.`));
  document.head.append(element);
});

function load() {
  const styles = (href) => loaded(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  return Promise.all([
    styles(vendor + "swagger-ui.css").then(() => styles("/_mock/console/assets/reference.css")),
    loaded(Object.assign(document.createElement("script"), { src: vendor + "swagger-ui-bundle.js" })),
  ]);
}

// here lets what is tried go to this mock, below the prefix it serves.
function here(document_, prefix) {
  const base = new URL(document_.servers?.[0]?.url.replace(/[{}]/g, "") ?? "/", location.origin).pathname.replace(/\/$/, "");
  return { ...document_, servers: [{ url: location.origin + prefix + base, description: "This mock" }] };
}

export default function Reference() {
  const all = useAnswer(async (signal) => {
    const [document_, health] = await Promise.all([send("GET", at("openapi.json"), { signal }), send("GET", at("health"), { signal }), load()]);
    return here(document_, health.prefix ?? "");
  }, []);
  return html`<${Head} title="API reference" lead=${`The document this mock serves. “Try it out” calls the mock with the key ${demoKey}.`} />
    <${Answer} of=${all} what="The reference" rows=${12}>${(document_) => html`<${Swagger} of=${document_} />`}<//>`;
}

// unlinked is the path of an operation without the link inside the button that unfolds it.
const unlinked = ({ React }) => ({ wrapComponents: { DeepLink: () => ({ text }) => React.createElement("span", null, text) } });

// name gives what Swagger UI leaves without a name or in the wrong place its own.
function name(root) {
  for (const main of root.querySelectorAll("main[tabindex]")) { // the page has one already
    main.setAttribute("role", "none");
    main.removeAttribute("tabindex");
  }
  for (const heading of root.querySelectorAll(":is(h3, h4, h5):not([aria-level])")) heading.setAttribute("aria-level", Number(heading.tagName[1]) - 1);
  for (const control of root.querySelectorAll(":is(select, input, textarea):not([aria-label])")) {
    const parameter = control.closest("[data-param-name]")?.dataset.paramName;
    control.setAttribute("aria-label", parameter ?? (control.id === "servers" ? "Server" : control.placeholder || control.closest("label")?.innerText || (control.tagName === "SELECT" ? "Media type or example" : "Value")));
  }
}

function Swagger({ of: document_ }) {
  const box = useRef();
  useEffect(() => {
    const ui = SwaggerUIBundle({
      domNode: box.current, spec: document_, presets: [SwaggerUIBundle.presets.apis], plugins: [unlinked],
      docExpansion: "list", deepLinking: true, filter: true, tryItOutEnabled: true, validatorUrl: null,
      defaultModelsExpandDepth: 0, displayRequestDuration: true, syntaxHighlight: { activated: true },
      onComplete: () => {
        const schemes = document_.components?.securitySchemes ?? {};
        for (const [name, scheme] of Object.entries(schemes)) {
          if (scheme.type === "apiKey" || (scheme.type === "http" && scheme.scheme?.toLowerCase() === "bearer")) ui.preauthorizeApiKey(name, demoKey);
        }
      },
    });
    const watch = new MutationObserver(() => name(box.current));
    watch.observe(box.current, { childList: true, subtree: true });
    const theme = () => {
      const chosen = document.documentElement.dataset.theme;
      document.documentElement.classList.toggle("dark-mode", chosen === "dark" || (chosen === "system" && matchMedia("(prefers-color-scheme: dark)").matches));
    };
    const query = matchMedia("(prefers-color-scheme: dark)");
    theme();
    addEventListener("theme", theme);
    query.addEventListener("change", theme);
    return () => { watch.disconnect(); removeEventListener("theme", theme); query.removeEventListener("change", theme); };
  }, []);
  return html`<section class="card" id="reference" aria-label="Operations" ref=${box}></section>`;
}
