// How times, sizes and numbers are shown.
import { html } from "./html.js";

let made; // on the first use, or by prepare: browsers take their time for these
const formats = () => (made ??= {
  day: new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }),
  exact: new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" }),
  clock: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" }),
  minute: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }),
  second: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }),
  number: new Intl.NumberFormat(),
});

// prepare makes the formats while the first answers are on their way.
export const prepare = () => { formats().exact.format(0); };
export const count = (n) => formats().number.format(n);

// Time shows an instant in the browser's zone, and exactly on hover.
export function Time({ at, style = "day" }) {
  const date = new Date(at);
  if (isNaN(date)) return html`<span>${String(at)}</span>`;
  return html`<time datetime=${at} title=${`${formats().exact.format(date)} (${at})`}>${formats()[style].format(date)}</time>`;
}

export function duration(ns) {
  const ms = ns / 1e6;
  if (ms >= 1000) return (ms / 1000).toFixed(2) + " s";
  return (ms >= 100 ? ms.toFixed(0) : ms >= 1 ? ms.toFixed(1) : ms.toFixed(2)) + " ms";
}

export const bytes = (n) => (n < 1000 ? n + " B" : n < 1e6 ? (n / 1e3).toFixed(1) + " kB" : (n / 1e6).toFixed(1) + " MB");

export const plural = (n, one, many = one + "s") => `${count(n)} ${n === 1 ? one : many}`;

// words is a name as people read it: conversational_paths, knowledge/base; titled begins it with a capital.
export const words = (name) => name.replaceAll("_", " ").replaceAll("/", " / ");
export const titled = (name) => words(name).replace(/^./u, (c) => c.toUpperCase());
