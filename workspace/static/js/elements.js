// Every interactive element by its type.

import { act } from "./acting.js";
import { select, ticks } from "./choices.js";
import { h, icon } from "./dom.js";
import { fileInput, picker, textInput } from "./entries.js";
import { asString, plainText, safeUrl } from "./mrkdwn.js";
import { openMenu } from "./popup.js";
import { image } from "./pictures.js";
import { t } from "./words.js";

function button(element, block, context) {
  const style = { primary: "button-primary", danger: "button-danger" }[element.style] ?? "";
  const label = plainText(element.text?.text, element.text?.emoji !== false);
  const press = () => act(context, block, element, element.value ?? null, node);
  const url = element.url ? safeUrl(element.url) : null;
  const name = element.accessibility_label ?? null;
  const node = url
    ? h("a", { class: `button ${style}`, href: url.href, target: "_blank", rel: "noopener noreferrer", "aria-label": name, data: { action: element.action_id }, on: { click: press } }, label, icon("link"))
    : h("button", { type: "button", class: `button ${style}`, "aria-label": name, data: { action: element.action_id }, on: { click: press } }, label);
  return node;
}

function overflow(element, block, context) {
  const node = h(
    "button",
    {
      type: "button",
      class: "icon-button overflow",
      "aria-label": t("moreActions"),
      title: t("moreActions"),
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: {
        click: () =>
          openMenu(
            node,
            (element.options ?? []).map((option) => ({
              label: asString(option.text),
              description: option.description ? asString(option.description) : null,
              run: () => {
                const url = option.url ? safeUrl(option.url) : null;
                if (url) window.open(url.href, "_blank", "noopener,noreferrer");
                act(context, block, element, option.value, node);
              },
            })),
            { label: t("moreActions"), end: true },
          ),
      },
    },
    icon("more"),
  );
  return node;
}

const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  image: (element) => image(element, { small: true }),
  static_select: select,
  external_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: select,
  multi_external_select: select,
  multi_users_select: select,
  multi_conversations_select: select,
  multi_channels_select: select,
  checkboxes: ticks,
  radio_buttons: ticks,
  plain_text_input: textInput,
  rich_text_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  number_input: textInput,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  file_input: fileInput,
};

/** Elements that are a group of controls: they are named by a legend, not by a label. */
export const isGroup = (element) => ["checkboxes", "radio_buttons"].includes(element.type);

/** The element's node. `aria` names it; `aria.field` is what the form should know beside its value. */
export function renderElement(element, block, context, aria = {}) {
  const make = ELEMENTS[element.type];
  if (!make) return h("p", { class: "unsupported" }, t("unsupported", { type: element.type }));
  const { field, ...attributes } = aria;
  const known = { blockId: block.block_id, actionId: element.action_id, isInput: false, ...field };
  // `field` must not become an attribute, yet the makers hand it to the form: keep it out of enumeration.
  Object.defineProperty(attributes, "field", { value: known, enumerable: false });
  return make(element, block, context, attributes);
}
