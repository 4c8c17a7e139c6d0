// Block Kit to DOM nodes: one function for each type of block.

import { append, h, uid } from "./dom.js";
import { isGroup, renderElement } from "./elements.js";
import { markdown } from "./markdown.js";
import { asString, textObject } from "./mrkdwn.js";
import { file, image, imageBlock } from "./pictures.js";
import { richText } from "./richtext.js";
import { t } from "./words.js";

function section(block, context) {
  const label = block.text ? asString(block.text) : "";
  return h(
    "div",
    { class: `section ${block.accessory ? "section-split" : ""}` },
    h(
      "div",
      { class: "section-main" },
      block.text ? h("div", { class: "text" }, textObject(block.text)) : null,
      block.fields ? h("div", { class: "fields" }, block.fields.map((one) => h("div", { class: "text field" }, textObject(one)))) : null,
    ),
    block.accessory ? h("div", { class: "accessory" }, renderElement(block.accessory, block, context, naming(block.accessory, label))) : null,
  );
}

/** What an element outside an input block is called: its placeholder, else the text beside it. */
function naming(element, label) {
  if (["button", "overflow", "image", "workflow_button"].includes(element.type)) return {};
  const placeholder = element.placeholder ? asString(element.placeholder) : "";
  return { "aria-label": [label.slice(0, 120), placeholder].filter(Boolean).join(" – ") || t("choose") };
}

const actions = (block, context) =>
  h("div", { class: "actions" }, (block.elements ?? []).map((element) => renderElement(element, block, context, naming(element, ""))));

function input(block, context) {
  const element = block.element ?? {};
  const id = uid("field");
  const hint = block.hint ? h("p", { class: "hint text", id: `${id}-hint` }, textObject(block.hint)) : null;
  const error = h("p", { class: "field-error", id: `${id}-error`, hidden: true });
  const described = [hint && hint.id, error.id].filter(Boolean).join(" ");
  const group = isGroup(element);
  const optional = block.optional ? h("span", { class: "optional" }, ` ${t("optional")}`) : null;
  const label = h(group ? "div" : "label", { class: "field-label", id: `${id}-label`, for: group ? null : id }, asString(block.label), optional);
  const box = h("div", { class: "input-block", data: { block: block.block_id } });
  const field = {
    isInput: true,
    showError: (text) => {
      error.hidden = !text;
      error.textContent = text ?? "";
      box.classList.toggle("invalid", Boolean(text));
      const controls = group ? box.querySelectorAll("input") : [box.querySelector(`#${id}`)].filter(Boolean);
      for (const control of controls) {
        if (text) control.setAttribute("aria-invalid", "true");
        else control.removeAttribute("aria-invalid");
      }
    },
  };
  const aria = group
    ? { "aria-labelledby": `${id}-label`, "aria-describedby": described, field }
    : { id, "aria-describedby": described, "aria-required": block.optional ? null : "true", field };
  return append(box, [label, renderElement(element, block, context, aria), hint, error]);
}

function table(block) {
  const cell = (one) => (one?.type === "rich_text" ? richText(one) : document.createTextNode(one?.text ?? ""));
  const settings = block.column_settings ?? [];
  const align = (index) => `align-${settings[index]?.align ?? "left"}`;
  const [head, ...rest] = block.rows ?? [];
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "group", "aria-label": t("table") },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, (head ?? []).map((one, index) => h("th", { scope: "col", class: align(index), dir: "auto" }, cell(one))))),
      h("tbody", {}, rest.map((row) => h("tr", {}, row.map((one, index) => h("td", { class: align(index), dir: "auto" }, cell(one)))))),
    ),
  );
}

const contextLine = (block) =>
  h(
    "div",
    { class: "context" },
    (block.elements ?? []).map((one) => (one.type === "image" ? image(one, { small: true }) : h("span", { class: "text" }, textObject(one)))),
  );

const BLOCKS = {
  section,
  actions,
  input,
  table,
  image: imageBlock,
  context: contextLine,
  header: (block) => h("h3", { class: "block-header", dir: "auto" }, textObject(block.text)),
  divider: () => h("hr", { class: "block-divider" }),
  rich_text: (block) => h("div", { class: "text" }, richText(block)),
  markdown: (block) => h("div", { class: "text" }, markdown(block.text)),
  file: (block) => (block.file ? file(block.file) : h("p", { class: "unsupported" }, t("unsupported", { type: "file" }))),
};

/** The nodes of a list of blocks. `context`: {surface, form, click, suggest}. */
export function renderBlocks(blocks, context) {
  return (blocks ?? []).map((block) => {
    const make = BLOCKS[block.type];
    return h(
      "div",
      { class: `block block-${block.type}` },
      make ? make(block, context) : h("p", { class: "unsupported" }, t("unsupported", { type: block.type })),
    );
  });
}
