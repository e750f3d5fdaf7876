import { html, useEffect, useState } from "../html.js";
import { at, send, useAnswer } from "../api.js";
import { Answer } from "../panel.js";
import { Alert } from "../dialog.js";
import { Icon } from "../icon.js";
import { Time } from "../format.js";

const steps = [["+1 min", "1m"], ["+1 hour", "1h"], ["+1 day", "24h"], ["+30 days", "720h"]];

export function Clock({ project }) {
  const path = at("projects", project, "clock");
  const clock = useAnswer(async (signal) => ({ ...await send("GET", path, { signal }), seen: Date.now() }), [path]);
  const [problem, setProblem] = useState();
  const [by, setBy] = useState("");
  const [instant, setInstant] = useState("");
  const move = async (body) => {
    try { await send("PUT", path, { body }); setProblem(); } catch (e) { setProblem(e); }
    clock.reload();
  };
  const submit = (f) => (e) => { e.preventDefault(); f(); };
  return html`<section class="card side-card" aria-label="Clock">
    <${Answer} of=${clock} what="The clock" rows=${2}>${(c) => html`
      <div class="section-head"><h2>Clock <span class=${c.frozen ? "chip info" : "chip good"}>${c.frozen ? "Frozen" : "Running"}</span></h2>
        <button type="button" class="button small" onClick=${() => move({ action: c.frozen ? "run" : "freeze" })}><${Icon} name=${c.frozen ? "play" : "pause"} />${c.frozen ? "Run" : "Freeze"}</button>
      </div>
      <p class="now"><${Now} of=${c} /></p>
      <div class="clock-steps" role="group" aria-label="Advance by">
        ${steps.map(([label, d]) => html`<button type="button" class="button small" onClick=${() => move({ action: "advance", by: d })}>${label}</button>`)}
      </div>
      <form class="inline" onSubmit=${submit(() => by.trim() && move({ action: "advance", by: by.trim() }))}><label class="field">Advance by<input value=${by} onInput=${(e) => setBy(e.target.value)} placeholder="1h30m or -5s" spellcheck="false" autocomplete="off" /></label><button class="button">Advance</button></form>
      <form class="inline" onSubmit=${submit(() => instant && move({ action: "set", instant: new Date(instant).toISOString() }))}><label class="field">Set to<input type="datetime-local" step="1" value=${instant} onInput=${(e) => setInstant(e.target.value)} /></label><button class="button">Set</button></form>
      ${problem && html`<${Alert} problem=${problem} what="The clock stays as it is." />`}`}<//>
  </section>`;
}

function Now({ of: { now, frozen, seen } }) {
  const [, tick] = useState(0);
  useEffect(() => {
    if (frozen) return undefined;
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, [frozen]);
  return html`<${Time} at=${frozen ? now : new Date(new Date(now).getTime() + Date.now() - seen).toISOString()} style="second" />`;
}
