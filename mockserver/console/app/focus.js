// The focus never falls to the body: when what has it goes away, it moves to what stands beside
// it, else to the heading of the page.
let last; // what has or had the focus, dialogs apart
let beside = []; // the rows next to its own

function remember(element) {
  if (element?.closest("dialog")) return;
  last = element;
  const row = element?.closest("tr, li");
  beside = row ? [row.nextElementSibling, row.previousElementSibling] : [];
}

// restore gives the focus back to where it was, or to the nearest place there is.
export function restore() {
  const controls = (of) => [...of?.querySelectorAll("button:enabled, a[href]") ?? []].reverse();
  for (const place of [last, ...controls(last?.isConnected ? last.parentElement : null), ...beside.flatMap(controls), document.querySelector("#main h1")]) {
    if (place?.isConnected) place.focus();
    if (place && document.activeElement === place) return;
  }
}

export function keepFocus(root) {
  addEventListener("focusin", (e) => remember(e.target));
  addEventListener("pointerdown", (e) => remember(e.target.closest("button, a, input, select, textarea, summary, [tabindex]")));
  new MutationObserver(() => {
    if (document.activeElement === document.body && last && (!last.isConnected || last.disabled)) restore();
  }).observe(root, { childList: true, subtree: true, attributeFilter: ["disabled"] });
}
