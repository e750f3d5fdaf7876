import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "./html.js";
import { Icon } from "./icon.js";
import { restore } from "./focus.js";

// Dialog is modal: what lies behind it is out of reach until it closes, and the focus goes
// back to where it came from.
export function Dialog({ title, lead, kind = "", role, onClose, children, actions }) {
  const box = useRef();
  const id = useId();
  useLayoutEffect(() => {
    const dialog = box.current;
    dialog.showModal();
    return () => { dialog.close(); restore(); };
  }, []);
  const cancel = (e) => { e.preventDefault(); onClose(); };
  return html`<dialog ref=${box} class=${`dialog ${kind}`} role=${role} aria-labelledby=${id} aria-describedby=${lead ? id + "-lead" : undefined} onCancel=${cancel}>
    <header class="dialog-head">
      <h2 id=${id} tabindex="-1">${title}</h2>
      ${kind === "sheet" && html`<button type="button" class="icon-button" aria-label="Cancel and close" onClick=${onClose}><${Icon} name="close" /></button>`}
    </header>
    <div class="dialog-body">
      ${lead && html`<p id=${id + "-lead"}>${lead}</p>`}
      ${children}
    </div>
    <footer class="dialog-foot">${actions}</footer>
  </dialog>`;
}

// Confirm asks before something that cannot be undone.
export function Confirm({ title, lead, action = "Delete", onClose, onConfirm, children }) {
  const [problem, setProblem] = useState();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    if (busy) return;
    setBusy(true);
    try { await onConfirm(); } catch (e) { setProblem(e); setBusy(false); }
  };
  return html`<${Dialog} title=${title} lead=${lead} kind="small" role="alertdialog" onClose=${onClose}
    actions=${html`<button type="button" class="button" onClick=${onClose} autofocus>Cancel</button>
      <button type="button" class="button danger" aria-disabled=${String(busy)} onClick=${confirm}>${action}</button>`}>
    ${children}
    ${problem && html`<${Alert} problem=${problem} what="This could not be done." />`}
  <//>`;
}

// Alert says in the page what went wrong, where it is seen.
export function Alert({ problem, what, retry }) {
  const box = useRef();
  useEffect(() => box.current.scrollIntoView({ block: "nearest" }), [problem]);
  return html`<div ref=${box} class="note bad" role="alert">
    <${Icon} name="warning" />
    <p><strong>${what}</strong> ${problem.message}</p>
    ${retry && html`<button type="button" class="button small" onClick=${retry}>Try again</button>`}
  </div>`;
}

// CopyButton puts text into the clipboard, also where the page is no secure context.
export function CopyButton({ text, label = "Copy", said = "Copied", kind = "" }) {
  const [copied, setCopied] = useState("");
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(""), 2500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (e) => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(said);
    } catch {
      setCopied(byHand(text, e.target.closest("dialog") ?? document.body) ? said : "Select it and copy it by hand");
    }
  };
  return html`<button type="button" class=${`button ${kind}`} onClick=${copy}>
    <${Icon} name=${copied ? "check" : "copy"} /><span>${label}</span>
    <span class="said" role="status">${copied}</span>
  </button>`;
}

function byHand(text, near) {
  const field = document.createElement("textarea");
  field.value = text;
  near.append(field);
  field.select();
  try { return document.execCommand("copy"); } finally { field.remove(); }
}
