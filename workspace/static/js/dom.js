// Builds DOM nodes. Data only ever becomes text nodes and checked attributes: there is no way from a message to markup.

const SVG = "http://www.w3.org/2000/svg";

/** Makes an element: `on` holds listeners, `data` dataset entries, null and false leave an attribute out, true sets it empty. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "class") node.className = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

let serial = 0;
/** An id nobody else on the page has. */
export const uid = (prefix) => `${prefix}-${(serial += 1)}`;

// Drawn for this page on a 20 x 20 grid, as strokes.
const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h14M2.5 12.5h14",
  home: "M3 9.5 10 3.5l7 6V16a1 1 0 0 1-1 1h-3.5v-4.5h-5V17H4a1 1 0 0 1-1-1z",
  clock: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 6v4.2l2.8 1.8",
  bolt: "M11 2 4.5 11.5H10L9 18l6.5-9.5H10z",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  close: "m5 5 10 10M15 5 5 15",
  back: "M12.5 4 6.5 10l6 6",
  down: "m5 7.5 5 5 5-5",
  send: "M3 10 17 3.5 12.5 17l-3-5.5zM9.5 11.5 17 3.5",
  attach: "m15.5 9-5.8 5.8a3.3 3.3 0 0 1-4.7-4.7l6-6a2.2 2.2 0 0 1 3.1 3.1l-5.9 5.9a1.1 1.1 0 0 1-1.6-1.6L12 6.2",
  reply: "M4 4h12a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-6l-4 3.5V13H4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z",
  smile: "M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM7.2 8v.01M12.8 8v.01M6.8 11.8c1.6 2.2 4.8 2.2 6.4 0",
  more: "M4.5 10v.01M10 10v.01M15.5 10v.01",
  eye: "M2 10s3-5.5 8-5.5 8 5.5 8 5.5-3 5.5-8 5.5S2 10 2 10zM10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  check: "m4 10.5 4 4 8-9",
  file: "M5 2.5h6.5L16 7v9.5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-13a1 1 0 0 1 1-1zM11.5 2.5V7H16",
  warn: "M10 3 2.5 16.5h15zM10 8v4M10 14.3v.01",
  skip: "M4 4.5 11 10l-7 5.5zM15.5 4.5v11",
  image: "M3.5 4h13a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-13a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM2.5 14l4.5-4.5 4 4 2-2 4.5 4M13 8v.01",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1",
};

/** A decorative drawing; whoever uses it alone gives its button a label. */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", `icon ${className}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that is only a drawing, with its name for everyone who does not see it. */
export function iconButton(name, label, onClick, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: onClick }, ...props }, icon(name));
}

/** Keeps Tab inside a container; native dialogs let it escape to the browser's own controls. */
export function trapTab(container, event) {
  if (event.key !== "Tab") return;
  const stops = [...container.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']")].filter(
    (node) => !node.disabled && node.tabIndex >= 0 && node.getClientRects().length > 0,
  );
  if (stops.length === 0) return event.preventDefault();
  const first = stops[0];
  const last = stops[stops.length - 1];
  const active = document.activeElement;
  if (event.shiftKey && (active === first || !container.contains(active))) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (active === last || !container.contains(active))) {
    event.preventDefault();
    first.focus();
  }
}

/** Says something to people who listen instead of look. */
export function announce(sentence, urgent = false) {
  const region = document.getElementById(urgent ? "live-now" : "live");
  if (region) region.append(h("p", {}, sentence));
  while (region && region.childElementCount > 5) region.firstElementChild.remove();
}
