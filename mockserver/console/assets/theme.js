// Before the first paint, so that no other theme flashes up.
document.documentElement.dataset.theme = localStorage.getItem("digakit theme") || "system";
