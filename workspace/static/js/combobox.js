// A field with a list to search: multi-selects and selects whose options come from the bot.

import { h, iconButton, icon, replace, uid } from "./dom.js";
import { layerOf, place } from "./popup.js";
import { n, t } from "./words.js";

const WAIT_MS = 180;

/**
 * An option is {value, label, description?, option} where `option` is Slack's own object.
 * `source(query)` returns [{label?, options: [...]}]; `onChange(options)` hears of every choice.
 */
export function combobox({ id = uid("combo"), multi, source, initial = [], placeholder, max = null, minQuery = 0, aria = {}, onChange }) {
  let chosen = [...initial];
  let shown = [];
  let active = -1;
  let asked = 0;
  let timer = null;
  const listId = uid("options");
  const chips = h("ul", { class: "chips" });
  const input = h("input", {
    id,
    type: "text",
    class: "combo-input",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    placeholder: placeholder || t("searchOptions"),
    ...aria,
  });
  const list = h("div", { id: listId, class: "popup listbox", popover: "manual", role: "listbox", "aria-label": aria["aria-label"] ?? placeholder ?? t("suggestions"), "aria-multiselectable": multi ? "true" : null });
  const node = h("div", { class: `combo ${multi ? "combo-multi" : ""}` }, multi ? chips : null, input, icon("down", "combo-arrow"));
  const isOpen = () => list.matches(":popover-open");

  function drawChosen() {
    if (!multi) {
      input.value = chosen[0]?.label ?? "";
      return;
    }
    replace(
      chips,
      chosen.map((one) => h("li", { class: "chip" }, h("bdi", {}, one.label), iconButton("close", t("remove", { name: one.label }), () => take(one)))),
    );
    chips.hidden = chosen.length === 0;
  }

  function take(one) {
    const at = chosen.findIndex((other) => other.value === one.value);
    if (!multi) chosen = [one];
    else if (at >= 0) chosen.splice(at, 1);
    else if (max && chosen.length >= max) return note(n("tooMany", max));
    else chosen.push(one);
    if (multi) input.value = "";
    drawChosen();
    close();
    input.focus();
    onChange?.(chosen);
    return undefined;
  }

  function mark(index) {
    active = shown.length ? (index + shown.length) % shown.length : -1;
    shown.forEach((entry, at) => entry.row.classList.toggle("active", at === active));
    if (active >= 0) {
      input.setAttribute("aria-activedescendant", shown[active].row.id);
      shown[active].row.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function note(sentence) {
    shown = [];
    replace(list, h("div", { class: "listbox-note", role: "status" }, sentence));
    show();
  }

  function show() {
    if (!list.isConnected) layerOf(node).append(list);
    if (!isOpen()) list.showPopover();
    place(list, node, { width: node.getBoundingClientRect().width });
    input.setAttribute("aria-expanded", "true");
  }

  function close() {
    clearTimeout(timer);
    timer = null;
    asked += 1;
    if (isOpen()) list.hidePopover();
    list.remove();
    input.setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function draw(groups) {
    shown = [];
    const rowOf = (one) => {
      const taken = chosen.some((other) => other.value === one.value);
      const row = h(
        "div",
        { id: uid("option"), class: "option", role: "option", "aria-selected": String(taken), on: { mousedown: (event) => event.preventDefault(), click: () => take(one) } },
        h("span", { class: "option-text" }, h("span", { dir: "auto" }, one.label), one.description && h("span", { class: "option-description", dir: "auto" }, one.description)),
        taken ? icon("check") : null,
      );
      shown.push({ row, one });
      return row;
    };
    const content = groups.map((group) => {
      const rows = group.options.map(rowOf);
      if (!group.label) return rows;
      const head = uid("group");
      return h("div", { role: "group", "aria-labelledby": head }, h("div", { id: head, class: "option-group" }, group.label), rows);
    });
    if (shown.length === 0) return note(t("noOptions"));
    replace(list, content);
    show();
    mark(0);
    return undefined;
  }

  async function search(query) {
    if (query.length < minQuery) return note(n("typeMore", minQuery));
    const mine = (asked += 1);
    if (!isOpen()) note(t("searching"));
    try {
      const groups = await source(query);
      if (mine === asked) draw(groups);
    } catch (problem) {
      if (mine === asked) note(problem.sentence ?? String(problem.message));
    }
    return undefined;
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = null;
      search(input.value.trim());
    }, WAIT_MS);
  };

  /** Takes the marked option; somebody who types faster than the list gets the first that fits. */
  async function choose() {
    if (timer !== null) {
      clearTimeout(timer);
      timer = null;
      await search(input.value.trim());
    }
    if (active >= 0) take(shown[active].one);
  }

  input.addEventListener("input", later);
  input.addEventListener("click", () => !isOpen() && search(multi ? input.value.trim() : minQuery > 0 ? input.value.trim() : ""));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (isOpen()) mark(active + (event.key === "ArrowDown" ? 1 : -1));
      else search(multi ? input.value.trim() : "");
    } else if (event.key === "Enter" && (isOpen() || input.value.trim() !== (multi ? "" : (chosen[0]?.label ?? "")))) {
      event.preventDefault(); // a form is not submitted while somebody searches in one of its fields
      choose();
    } else if (event.key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && multi && input.value === "" && chosen.length) take(chosen[chosen.length - 1]);
  });
  input.addEventListener("focus", () => !multi && input.select());
  input.addEventListener("blur", () => {
    close();
    if (!multi && input.value.trim() === "" && chosen.length) {
      chosen = [];
      onChange?.(chosen);
    }
    drawChosen();
  });
  drawChosen();
  return { node, input, get: () => chosen };
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
/** A source over options that are known already: those that contain the query, accents aside. */
export const localSource = (groups) => async (query) =>
  groups
    .map((group) => ({ ...group, options: group.options.filter((one) => fold(one.label).includes(fold(query))) }))
    .filter((group) => group.options.length > 0);
