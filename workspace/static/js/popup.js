// What opens over the page at a button: menus and panels. The browser's popover layer keeps them above dialogs.

import { h, icon, uid } from "./dom.js";

const GAP = 6;
const EDGE = 8;

/** Puts a popover at its anchor, inside the window. */
export function place(popover, anchor, { end = false, width = null, most = Infinity } = {}) {
  const box = anchor.getBoundingClientRect();
  if (width) popover.style.minWidth = `${Math.min(width, window.innerWidth - 2 * EDGE)}px`;
  popover.style.maxWidth = `${Math.min(most, window.innerWidth - 2 * EDGE)}px`;
  const size = popover.getBoundingClientRect();
  const left = end ? box.right - size.width : box.left;
  const below = window.innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const up = below < Math.min(size.height, 180) && above > below;
  popover.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - size.width - EDGE))}px`;
  popover.style.maxHeight = `${Math.max(120, up ? above : below)}px`;
  popover.style.top = up ? `${Math.max(EDGE, box.top - GAP - Math.min(size.height, above))}px` : `${box.bottom + GAP}px`;
}

/** Where a popover must live: inside the open dialog, because everything outside it is inert. */
export const layerOf = (anchor) => anchor.closest("dialog") ?? document.body;

/** Opens a panel at a button; Esc or a press elsewhere closes it and gives the focus back. Returns the panel with a `close`. */
export function openPanel(anchor, content, { label, role = "dialog", className = "", end = false, onClose } = {}) {
  if (anchor.panel) {
    anchor.panel.hidePopover();
    return null;
  }
  const panel = h("div", { class: `popup ${className}`, popover: "auto", role, "aria-label": label, id: uid("popup") }, content);
  layerOf(anchor).append(panel);
  anchor.setAttribute("aria-expanded", "true");
  anchor.panel = panel;
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const hadFocus = panel.contains(document.activeElement) || document.activeElement === document.body;
    anchor.setAttribute("aria-expanded", "false");
    panel.remove();
    // Pressing the anchor again closes the panel first; forgetting it a moment later keeps that press from reopening it.
    setTimeout(() => (anchor.panel = null));
    if (hadFocus && anchor.isConnected) anchor.focus();
    onClose?.();
  });
  panel.showPopover();
  place(panel, anchor, { end });
  panel.close = () => panel.isConnected && panel.hidePopover();
  return panel;
}

/**
 * A menu at a button. Items: {label, description?, before? (a node), checked?, danger?, disabled?, run} or {heading}.
 * Arrow keys, Home, End and first letters move; Enter chooses.
 */
export function openMenu(anchor, items, { label, end = false, className = "" } = {}) {
  const rows = [];
  const list = items.map((item) => {
    if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
    if (item.note) return h("div", { class: "menu-note", role: "presentation" }, item.note);
    const row = h(
      "button",
      {
        type: "button",
        class: `menu-item ${item.danger ? "danger" : ""}`,
        role: item.checked === undefined ? "menuitem" : "menuitemradio",
        "aria-checked": item.checked === undefined ? null : String(item.checked),
        tabindex: "-1",
        on: {
          click: () => {
            panel.close();
            item.run();
          },
        },
      },
      item.before,
      h("span", { class: "menu-text" }, h("span", { class: "menu-label", dir: "auto" }, item.label), item.description && h("span", { class: "menu-description", dir: "auto" }, item.description)),
      item.checked ? icon("check") : null,
    );
    rows.push(row);
    return row;
  });
  const panel = openPanel(anchor, list, { label, role: "menu", className: `menu ${className}`, end });
  if (!panel) return null;
  const move = (to) => rows[(to + rows.length) % rows.length]?.focus();
  panel.addEventListener("keydown", (event) => {
    const at = rows.indexOf(document.activeElement);
    const keys = { ArrowDown: at + 1, ArrowUp: at < 0 ? rows.length - 1 : at - 1, Home: 0, End: rows.length - 1 };
    if (event.key in keys) {
      event.preventDefault();
      move(keys[event.key]);
    } else if (event.key === "Tab") {
      event.preventDefault();
      panel.close();
    } else if (event.key.length === 1 && event.key !== " ") {
      const letter = event.key.toLocaleLowerCase();
      const order = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
      order.find((row) => row.textContent.trim().toLocaleLowerCase().startsWith(letter))?.focus();
    }
  });
  const start = rows.find((row) => row.getAttribute("aria-checked") === "true") ?? rows[0];
  start?.focus();
  return panel;
}
