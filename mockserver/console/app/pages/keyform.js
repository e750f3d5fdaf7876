// The form that creates or edits a key, and the modal that shows the complete key once.
import { html, useState } from "../html.js";
import { at, send } from "../api.js";
import { Alert, CopyButton, Dialog } from "../dialog.js";
import { Icon } from "../icon.js";

const resources = [
  ["Calls", "Phone call management"], ["Messages", "Sending and receiving messages"], ["Transcriptions", "Access to call transcriptions"],
  ["Recordings", "Access to audio recordings"], ["Agents", "Agent creation and configuration"], ["Conversational paths", "Conversational path management"],
  ["Knowledge bases", "Knowledge base management"], ["Tools", "Call tools"], ["Voices", "Voice configuration"], ["Integrations", "External integration management"],
  ["Webhooks", "Webhook configuration"], ["Contacts", "Contact management"], ["Statistics", "Access to analytical data"], ["Verifications", "System verifications"],
  ["Phones", "Phone number management"], ["Members", "Project team management"], ["Billing", "Billing and subscription information"],
  ["API Keys", "Management of other API keys"], ["Notifications", "Notification configuration"],
];
const levels = [
  ["No access", "The key cannot access this resource"],
  ["Read", "The key can query data but not modify it"],
  ["Write", "The key can query and modify data"],
];

export function KeyForm({ project, was, onClose, onSaved }) {
  const [name, setName] = useState(was?.name ?? "");
  const [restricted, setRestricted] = useState(was?.restricted ?? false);
  const [access, setAccess] = useState({ ...Object.fromEntries(resources.map(([r]) => [r, "No access"])), ...was?.access });
  const [problem, setProblem] = useState();
  const [empty, setEmpty] = useState(false);
  const [busy, setBusy] = useState(false);

  const save = async (e) => {
    e.preventDefault();
    if (busy) return;
    if (!name.trim()) {
      setEmpty(true);
      e.target.elements.name.focus();
      return;
    }
    setBusy(true);
    // A custom level is left out: what it stands for stays.
    const chosen = Object.fromEntries(Object.entries(access).filter(([, level]) => level !== "custom"));
    const body = { name, ...(restricted && { access: chosen }), ...(was && { restricted }) };
    try {
      const key = was
        ? await send("PATCH", at("projects", project, "api_keys", was.id), { body })
        : await send("POST", at("projects", project, "api_keys"), { body });
      onSaved(key, !was);
    } catch (failed) {
      setProblem(failed);
      setBusy(false);
    }
  };
  const wrong = empty && !name.trim() ? "Enter a name." : problem?.of("/name");

  return html`<${Dialog} kind="sheet" title=${was ? `Edit ${was.name}` : "Create API Key"} onClose=${onClose}
    actions=${html`<button type="button" class="button" onClick=${onClose}>Cancel</button>
      <button form="key" class="button primary" aria-disabled=${String(busy)}>Save</button>`}>
    <form id="key" class="form" onSubmit=${save} noValidate>
      <label class="field">Name
        <input name="name" value=${name} onInput=${(e) => setName(e.target.value)} autofocus maxlength="255" autocomplete="off" spellcheck="false" required aria-invalid=${String(!!wrong)} aria-describedby="name-help" />
      </label>
      <p id="name-help" class=${wrong ? "help wrong" : "help"}>${wrong ?? "A descriptive name to identify the key, for example “CRM_Query” or “Booking_App”."}</p>

      <label class="switch-row">
        <input type="checkbox" role="switch" checked=${restricted} onChange=${(e) => setRestricted(e.target.checked)} aria-describedby="restrict-help" />
        <span class="switch" aria-hidden="true"></span>
        <span class="switch-label">Restrict key</span>
      </label>
      <p id="restrict-help" class="help">Configure granular permissions per resource.</p>

      ${restricted ? html`<${Levels} access=${access} onChange=${setAccess} />` : html`<div class="note warn">
        <${Icon} name="warning" />
        <p><strong>Unrestricted API keys represent a security risk.</strong> This key will have full access to all API resources. For greater safety, consider restricting access to only the necessary resources.</p>
      </div>`}
      ${was && html`<p class="help">The key itself stays as it is: applications that use it go on working.</p>`}
      ${problem && html`<${Alert} problem=${problem} what="The key could not be saved." />`}
    </form>
  <//>`;
}

function Levels({ access, onChange }) {
  const all = (level) => onChange(Object.fromEntries(resources.map(([r]) => [r, level])));
  return html`<div class="levels">
    <div class="levels-head">
      <span>Set all to</span>
      ${levels.map(([level, means]) => html`<button type="button" class="text-button" title=${means} onClick=${() => all(level)}>${level}<span class="hidden"> for all resources</span></button>`)}
    </div>
    ${resources.map(([resource, about], i) => html`<div class="level" role="radiogroup" aria-labelledby=${`resource-${i}`} aria-describedby=${`about-${i}`}>
      <p><strong id=${`resource-${i}`}>${resource}</strong><small id=${`about-${i}`}>${about}${access[resource] === "custom" ? ". It has a custom choice of permissions, which stays unless you choose a level" : ""}</small></p>
      <div class="segments">${levels.map(([level, means]) => html`<label title=${means}>
        <input type="radio" name=${`level-${i}`} value=${level} checked=${access[resource] === level} onChange=${() => onChange({ ...access, [resource]: level })} /><span>${level}</span>
      </label>`)}</div>
    </div>`)}
  </div>`;
}

export function Made({ of: key, onClose }) {
  return html`<${Dialog} title="Your API key is ready" onClose=${onClose}
    actions=${html`<button type="button" class="button" onClick=${onClose}>Done</button>`}>
    <p>${key.name} works from now on.</p>
    <div class="secret"><code>${key.secret}</code><${CopyButton} text=${key.secret} kind="primary" /></div>
    <div class="note warn"><${Icon} name="warning" /><p><strong>The key will not be shown again.</strong> Copy it and store it in a secure location before closing the modal.</p></div>
  <//>`;
}
