import { html } from "./html.js";

const shapes = {
  keys: "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9M17.5 12v3.500M21 12v2.5",
  collections: "M4 6.500C4 5 7.6 4 12 4s8 1 8 2.500S16.4 9 12 9 4 8 4 6.500zM4 6.500v5.500c0 1.5 3.6 2.5 8 2.500s8-1 8-2.500V6.500M4 12v5.500C4 19 7.6 20 12 20s8-1 8-2.500V12",
  requests: "M3 12h4l2.5-7 5 14 2.5-7h4",
  faults: "M12 4 3 19.500h18L12 4zM12 10.500v4M12 17v.01",
  coverage: "M4 20h16M7 16v-4M12 16V6M17 16v-7",
  reference: "M5 4.500h9.500L19 9v10.500H5zM14 4.500V9h5M8.5 13h7M8.5 16h5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
  more: "M12 6v.010M12 12v.010M12 18v.01",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h10v10H9zM5 15V5h10",
  check: "M5 12.500l4.5 4.500L19 7.5",
  warning: "M12 4 3 19.500h18L12 4zM12 10.500v4M12 17v.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  left: "M14.5 6l-6 6 6 6",
  right: "M9.5 6l6 6-6 6",
  pause: "M8 5v14M16 5v14",
  play: "M7 5l11 7-11 7z",
  trash: "M4.5 7h15M9.5 7V4.500h5V7M6.5 7l1 12.500h9l1-12.5",
  edit: "M4.5 19.500l1-4L16 5l3 3L8.5 18.500z",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.300M19.5 4v4h-4",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.400M5.6 18.4 7 17M17 7l1.4-1.4",
  moon: "M19.5 14A8 8 0 1 1 10 4.500a6.5 6.5 0 0 0 9.5 9.500z",
  system: "M4 5h16v11H4zM9 20h6M12 16v4",
  lock: "M6.5 11h11v8.500h-11zM9 11V8a3 3 0 0 1 6 0v3",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.500M5 20h14",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.500l3 1.5",
  link: "M10 14l4-4M8.5 11.5 6 14a3 3 0 0 0 4 4l2.5-2.500M15.5 12.5 18 10a3 3 0 0 0-4-4l-2.5 2.5",
};

// Icon is decoration: what it stands beside, or the label of its button, says what it means.
export const Icon = ({ name }) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${shapes[name]} /></svg>`;
