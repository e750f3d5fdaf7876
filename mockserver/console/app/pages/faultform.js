import { html, useState } from "../html.js";
import { at, send, useAnswer } from "../api.js";
import { Alert, Dialog } from "../dialog.js";

const presets = [
  ["Fails once", { status: "500", times: "1" }],
  ["Too many requests", { status: "429", retry_after: "2", times: "3" }],
  ["Unavailable", { status: "503", retry_after: "5", times: "" }],
  ["Slow", { kind: "delay", delay: "2000", times: "" }],
  ["Connection reset", { kind: "connection", fault: "CONNECTION_RESET_BY_PEER", times: "1" }],
];
const kinds = [["answer", "Error"], ["delay", "Delay"], ["connection", "Broken connection"]];
const breaks = [
  ["CONNECTION_RESET_BY_PEER", "Reset the connection"], ["EMPTY_RESPONSE", "Close it without an answer"],
  ["MALFORMED_RESPONSE_CHUNK", "Break off in the middle of the answer"], ["RANDOM_DATA_THEN_CLOSE", "Send garbage, then close"],
];
const fresh = { kind: "answer", operation: "", query: "", key: "", status: "500", error_code: "", message: "", retry_after: "", delay: "", fault: breaks[0][0], times: "1", skip: "", probability: "" };

// spec is the fault that the fields describe.
function spec(f) {
  const number = (text) => (text === "" ? undefined : Number(text));
  const match = {
    ...(f.operation && { operation: f.operation }),
    ...(f.query && { query: Object.fromEntries(new URLSearchParams(f.query)) }),
    ...(f.key && { key_id: f.key }),
  };
  return {
    ...(Object.keys(match).length && { match }),
    ...(f.kind === "answer" && { status: number(f.status), retry_after: number(f.retry_after), ...(f.error_code && { error_code: f.error_code }), ...(f.message && { message: f.message }) }),
    ...(f.kind === "connection" && { fault: f.fault }),
    fixedDelayMilliseconds: number(f.delay), times: number(f.times), skip: number(f.skip),
    probability: f.probability === "" ? undefined : Number(f.probability) / 100,
  };
}

export function FaultForm({ project, onClose, onSaved }) {
  const plan = useAnswer((signal) => send("GET", at("plan"), { signal }), []);
  const [fields, setFields] = useState(fresh);
  const [problem, setProblem] = useState();
  const [busy, setBusy] = useState(false);
  const set = (name) => (e) => setFields({ ...fields, [name]: e.target.value });
  const save = async (e) => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      await send("POST", at("projects", project, "faults"), { body: spec(fields) });
      onSaved();
    } catch (failed) {
      setProblem(failed);
      setBusy(false);
    }
  };
  const field = (name, label, rest = {}) => html`<label class="field">${label}<input name=${name} value=${fields[name]} onInput=${set(name)} autocomplete="off" spellcheck="false" ...${rest} /></label>`;
  const number = (name, label, placeholder, rest) => field(name, label, { type: "number", min: 0, placeholder, ...rest });

  return html`<${Dialog} kind="sheet" title="Add a fault" onClose=${onClose}
    actions=${html`<button type="button" class="button" onClick=${onClose}>Cancel</button><button form="fault" class="button primary" aria-disabled=${String(busy)}>Add the fault</button>`}>
    <form id="fault" class="form fault-form" onSubmit=${save} noValidate>
      <h3 id="presets">Start from</h3>
      <div class="presets" role="group" aria-labelledby="presets">${presets.map(([name, values]) => html`<button type="button" class="button small" onClick=${() => setFields({ ...fresh, operation: fields.operation, query: fields.query, ...values })}>${name}</button>`)}</div>
      <h3>Which calls</h3>
      ${field("operation", "Operation", { list: "operations", placeholder: "every operation" })}
      <datalist id="operations">${(plan.value?.lines ?? []).map((l) => html`<option value=${`${l.method} ${l.path}`}>${l.operation}</option>`)}</datalist>
      <div class="pair">${field("query", "With the query", { placeholder: "page=2" })}${field("key", "With the key ID", { placeholder: "any key" })}</div>
      <h3>What happens</h3>
      <div class="segments" role="radiogroup" aria-label="What happens">${kinds.map(([kind, label]) => html`<label><input type="radio" name="kind" checked=${fields.kind === kind} onChange=${() => setFields({ ...fields, kind })} /><span>${label}</span></label>`)}</div>
      ${fields.kind === "answer" && html`
        <div class="pair">${number("status", "Status", "500", { min: 200, max: 599 })}${number("retry_after", "Retry-After, in seconds", "none")}</div>
        <div class="pair">${field("error_code", "error_code", { placeholder: "as documented" })}${field("message", "Message", { placeholder: "as documented" })}</div>`}
      ${fields.kind === "connection" && html`<label class="field">How<select value=${fields.fault} onChange=${set("fault")}>${breaks.map(([value, label]) => html`<option value=${value}>${label}</option>`)}</select></label>`}
      ${number("delay", "Delay before it, in ms", fields.kind === "delay" ? "2000" : "none")}
      <h3>How often</h3>
      <div class="pair three">${number("times", "Times", "for ever", { min: 1 })}${number("skip", "After this many calls", "0")}${number("probability", "Chance, in %", "100", { max: 100 })}</div>
      ${problem && html`<${Alert} problem=${problem} what="The fault could not be added." />`}
    </form>
  <//>`;
}
