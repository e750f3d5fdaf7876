// The state of the project: put back to its beginning, kept, and put back to what was kept.
import { html, useRef, useState } from "../html.js";
import { at, send } from "../api.js";
import { Alert, Confirm } from "../dialog.js";
import { Icon } from "../icon.js";
import { Time, bytes, plural } from "../format.js";

const kept = []; // until the tab is loaded anew

export function Snapshots({ project, onRestored }) {
  const [, show] = useState(0);
  const [problem, setProblem] = useState();
  const [said, setSaid] = useState("");
  const [asking, setAsking] = useState(); // before something that changes everything
  const file = useRef();
  const path = at("projects", project, "snapshot");
  const mine = kept.filter((s) => s.project === project);
  const tried = (what, f) => async (...args) => {
    setProblem();
    setSaid("");
    try { setSaid(await f(...args)); } catch (e) { setProblem({ what, message: e.message }); }
  };
  const take = tried("The snapshot could not be taken.", async () => {
    const state = await send("GET", path);
    const text = JSON.stringify(state);
    kept.unshift({ project, taken: new Date().toISOString(), text, keys: state.project.keys.length });
    show(kept.length);
    return "Taken. It stays here until you leave or reload; download it to keep it.";
  });
  const read = tried("The file is no snapshot.", async (e) => {
    const [chosen] = e.target.files;
    if (!chosen) return "";
    const state = JSON.parse(await chosen.text());
    e.target.value = "";
    setAsking({ title: "Restore the project from the file?", lead: `Everything in ${project} but its journal is replaced by what ${chosen.name} holds.`, action: "Restore", act: () => restore(state) });
    return "";
  });
  const restore = async (state) => {
    await send("PUT", path, { body: state });
    onRestored();
  };
  const reset = async (where) => {
    await send("POST", where);
    onRestored();
  };
  return html`<section class="card side-card" aria-label="State">
    <h2>State of ${project}</h2>
    <p class="muted small-text">Keys, members, items, faults and clock. A snapshot restores the very same ids and dates, and secrets go on working.</p>
    <div class="clock-buttons">
      <button type="button" class="button small" onClick=${take}><${Icon} name="collections" />Take a snapshot</button>
      <button type="button" class="button small" onClick=${() => file.current.click()}>Restore from a file</button>
      <input ref=${file} hidden type="file" accept="application/json,.json" onChange=${read} />
    </div>
    ${mine.length > 0 && html`<ul class="snapshots">${mine.map((s) => html`<li key=${s.taken}>
      <span><${Time} at=${s.taken} style="second" /><small class="muted">${plural(s.keys, "key")}, ${bytes(s.text.length)}</small></span>
      <a class="icon-button" aria-label="Download the snapshot" title="Download" download=${`${project}-${s.taken.replaceAll(":", "")}.json`} href=${URL.createObjectURL(new Blob([s.text], { type: "application/json" }))}><${Icon} name="download" /></a>
      <button type="button" class="button small" onClick=${() => setAsking({ title: "Restore this snapshot?", lead: `Everything in ${project} but its journal goes back to how it was.`, action: "Restore", act: () => restore(JSON.parse(s.text)) })}>Restore</button>
    </li>`)}</ul>`}
    <p class=${said ? "said-line" : "hidden"} role="status">${said}</p>
    ${problem && html`<${Alert} problem=${problem} what=${problem.what} />`}
    <hr />
    <div class="clock-buttons">
      <button type="button" class="button small" onClick=${() => setAsking({ title: `Reset ${project}?`, lead: "Keys, members, items and clock go back to how the project was made; faults are removed and the journal is emptied. This cannot be undone.", action: "Reset", act: () => reset(at("projects", project, "reset")) })}><${Icon} name="refresh" />Reset the project</button>
      <button type="button" class="button small" onClick=${() => setAsking({ title: "Reset everything?", lead: "All projects go back to how the server began, and those made since are removed. This cannot be undone.", action: "Reset everything", act: () => reset(at("reset")) })}>Reset everything</button>
    </div>
    ${asking && html`<${Confirm} ...${asking} onClose=${() => setAsking()} onConfirm=${asking.act} />`}
  </section>`;
}
