// Completion while typing: commands and their words after "/", people after "@", channels after "#".

import { announce, h, replace, uid } from "./dom.js";
import { channels, people } from "./people.js";
import { place } from "./popup.js";
import { state } from "./state.js";
import { n, t } from "./words.js";

const MOST = 12;

/** The words that a command's usage hint offers, with what follows each: "[ask|events|help]" or "ask QUESTION | events". */
export function hintWords(hint) {
  const inner = String(hint ?? "").replace(/[[\]()]/g, " ");
  if (!inner.includes("|")) return [];
  const parts = inner.split("|").map((part) => part.trim().split(/\s+/));
  return parts.filter(([word]) => /^[\p{L}-]+$/u.test(word)).map(([word, ...rest]) => ({ word, rest: rest.join(" ") }));
}

const commandRows = (typed) =>
  state.commands
    .filter((one) => one.command.startsWith(typed))
    .map((one) => ({ insert: one.command, label: one.command, description: [one.description, one.usage_hint].filter(Boolean).join(" · ") }));

function wordRows(name, typed) {
  const command = state.commands.find((one) => one.command === name);
  return hintWords(command?.usage_hint)
    .filter(({ word }) => word.startsWith(typed.toLocaleLowerCase()))
    .map(({ word, rest }) => ({ insert: word, label: `${name} ${word}`, description: rest }));
}

const starts = (text, typed) => String(text ?? "").toLocaleLowerCase().split(/\s+/).some((word) => word.startsWith(typed));
const peopleRows = (typed) =>
  [...people.values()]
    .filter((one) => starts(one.name, typed) || starts(one.real_name, typed))
    .map((one) => ({ insert: `@${one.name}`, label: `@${one.name}`, description: one.real_name }));
const channelRows = (typed) =>
  [...channels.values()].filter((one) => one.name.startsWith(typed)).map((one) => ({ insert: `#${one.name}`, label: `#${one.name}`, description: "" }));

/** What could be meant at the caret: {from (start of what is replaced), rows, kind} or null. */
function meant(text, caret, withCommands) {
  const before = text.slice(0, caret);
  if (withCommands) {
    const command = /^(\/\S*)$/.exec(before);
    if (command) return { from: 0, rows: commandRows(command[1]), kind: "commands" };
    const word = /^(\/\S+)\s+(\S*)$/.exec(before);
    if (word) return { from: caret - word[2].length, rows: wordRows(word[1], word[2]), kind: "commands" };
  }
  const mention = /(?:^|\s)([@#])([\p{L}\p{N}._-]{0,40})$/u.exec(before);
  if (!mention) return null;
  const typed = mention[2].toLocaleLowerCase();
  return { from: caret - mention[2].length - 1, rows: mention[1] === "@" ? peopleRows(typed) : channelRows(typed), kind: "mentions" };
}

/** Attaches completion to a text area. Returns `key(event)`: true when it dealt with the key. */
export function completion(area, { withCommands }) {
  const list = h("div", { class: "popup listbox completion", popover: "manual", role: "listbox", id: uid("completion"), "aria-label": t("suggestions") });
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-haspopup", "listbox");
  area.setAttribute("aria-controls", list.id);
  let rows = [];
  let active = 0;
  let from = 0;
  let dismissed = null;

  function close() {
    rows = [];
    if (list.isConnected && list.matches(":popover-open")) list.hidePopover();
    list.remove();
    area.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    active = (index + rows.length) % rows.length;
    rows.forEach((row, at) => {
      row.node.classList.toggle("active", at === active);
      row.node.setAttribute("aria-selected", String(at === active));
    });
    area.setAttribute("aria-activedescendant", rows[active].node.id);
    rows[active].node.scrollIntoView({ block: "nearest" });
  }

  function accept(row) {
    const caret = area.selectionStart;
    const text = `${area.value.slice(0, from)}${row.insert} `;
    area.value = text + area.value.slice(caret).replace(/^ /, "");
    area.setSelectionRange(text.length, text.length);
    close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function look() {
    const found = area.value === dismissed ? null : meant(area.value, area.selectionStart, withCommands());
    if (!found?.rows.length) return close();
    const had = rows.length;
    ({ from } = found);
    rows = found.rows.slice(0, MOST).map((row) => ({
      ...row,
      node: h(
        "div",
        { class: "option", role: "option", id: uid("row"), on: { mousedown: (event) => event.preventDefault(), click: () => accept(row) } },
        h("span", { class: "option-text" }, h("span", {}, row.label), row.description && h("span", { class: "option-description" }, row.description)),
      ),
    }));
    replace(list, h("div", { class: "option-group", role: "presentation" }, t(found.kind === "commands" ? "commands" : "suggestions")), rows.map((row) => row.node));
    if (!list.isConnected) area.closest(".composer").append(list);
    if (!list.matches(":popover-open")) list.showPopover();
    const room = area.closest(".composer").offsetWidth;
    place(list, area.closest(".composer"), { width: Math.min(480, room), most: Math.min(640, room) });
    const typed = area.value.slice(from, area.selectionStart).toLocaleLowerCase();
    mark(Math.max(0, rows.findIndex((row) => row.insert === typed))); // a whole word stands, though a longer one begins so
    if (rows.length !== had) announce(n("suggestionCount", rows.length));
    return undefined;
  }

  area.addEventListener("input", look);
  area.addEventListener("blur", close);
  return {
    close,
    key(event) {
      if (rows.length === 0) return false;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(active + (event.key === "ArrowDown" ? 1 : -1));
      else if (event.key === "Escape") {
        dismissed = area.value;
        close();
      } else if (event.key === "Tab" || event.key === "Enter") {
        const typed = area.value.slice(from, area.selectionStart);
        if (event.key === "Enter" && typed === rows[active].insert) {
          close();
          return false; // it is typed out already: Enter means send
        }
        accept(rows[active]);
      } else return false;
      return true;
    },
  };
}
