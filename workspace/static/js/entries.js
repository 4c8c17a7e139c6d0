// Elements that take something typed or picked: text, number, address, date, time, files.

import { act, actsAtOnce } from "./acting.js";
import { api } from "./api.js";
import { fromWall, toWall, zoneName } from "./dates.js";
import { append, h, iconButton, replace, uid } from "./dom.js";
import { asString } from "./mrkdwn.js";
import { attempt } from "./toast.js";
import { n, t } from "./words.js";

const SETTLE_MS = 500;

/** Tells the bot of a change where the block asks for it: on Enter, on each letter once typing settles, or when a picker settles. */
function wireDispatch(node, element, block, context, value, picker) {
  if (!actsAtOnce(block)) return;
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = null;
  let told = value();
  const tell = () => {
    clearTimeout(timer);
    if (value() === told) return;
    told = value();
    act(context, block, element, told, node);
  };
  const settle = () => {
    clearTimeout(timer);
    timer = setTimeout(tell, SETTLE_MS);
  };
  if (picker) {
    node.addEventListener("change", settle); // a date changes with each part typed: wait for the last one
    node.addEventListener("blur", tell);
    return;
  }
  if (triggers.includes("on_character_entered")) node.addEventListener("input", settle);
  if (triggers.includes("on_enter_pressed")) {
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      act(context, block, element, value(), node);
    });
  }
}

const isEmail = (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
function isWebAddress(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

function numberProblem(element, text) {
  if (!/^[-+]?\d+(?:[.,]\d+)?$/.test(text)) return t("badNumber");
  const number = Number(text.replace(",", "."));
  if (element.is_decimal_allowed === false && !Number.isInteger(number)) return t("wholeNumber");
  if (element.min_value !== undefined && number < Number(element.min_value)) return t("numberMin", { n: element.min_value });
  if (element.max_value !== undefined && number > Number(element.max_value)) return t("numberMax", { n: element.max_value });
  return null;
}

const KINDS = {
  plain_text_input: { check: () => null },
  rich_text_input: { check: () => null, multiline: true },
  email_text_input: { inputmode: "email", autocomplete: "off", check: (_, text) => (isEmail(text) ? null : t("badEmail")) },
  url_text_input: { inputmode: "url", autocomplete: "off", check: (_, text) => (isWebAddress(text) ? null : t("badUrl")) },
  number_input: { inputmode: "decimal", autocomplete: "off", check: numberProblem },
};

const plainOf = (rich) =>
  (rich?.elements ?? []).map((part) => (part.elements ?? []).map((piece) => piece.text ?? plainOf({ elements: [piece] })).join("")).join("\n");

/** Text, rich text (typed plainly), e-mail, web address and number. */
export function textInput(element, block, context, aria) {
  const kind = KINDS[element.type];
  const multiline = element.multiline || kind.multiline;
  const first = typeof element.initial_value === "object" ? plainOf(element.initial_value) : element.initial_value;
  const counter = h("p", { class: "counter", id: uid("counter"), "aria-live": "polite" });
  const limit = element.max_length ?? (element.type === "plain_text_input" ? 3000 : null);
  const node = h(multiline ? "textarea" : "input", {
    class: "input",
    ...(multiline ? { rows: "4" } : { type: "text" }),
    inputmode: kind.inputmode,
    autocomplete: kind.autocomplete ?? "off",
    placeholder: element.placeholder ? asString(element.placeholder) : null,
    dir: "auto",
    ...aria,
    "aria-describedby": [aria["aria-describedby"], counter.id].filter(Boolean).join(" "),
    value: context.form.before(block.block_id, element.action_id) ?? first ?? "",
  });
  const count = () => {
    const left = limit ? limit - node.value.length : null;
    const show = left !== null && (left < 0 || left <= limit / 10);
    replace(counter, show ? n("charactersLeft", left) : "");
    counter.classList.toggle("over", left !== null && left < 0);
  };
  node.addEventListener("input", count);
  count();
  const value = () => {
    const text = element.type === "number_input" ? node.value.trim().replace(",", ".") : node.value;
    return text === "" ? null : text;
  };
  wireDispatch(node, element, block, context, value, false);
  context.form.add({
    get: value,
    raw: () => node.value,
    focus: () => node.focus(),
    check: () => {
      const text = node.value.trim();
      if (text === "") return block.optional ? null : t("required");
      if (element.min_length && node.value.length < element.min_length) return n("tooShort", element.min_length);
      if (limit && node.value.length > limit) return n("tooLong", limit);
      return kind.check(element, text);
    },
    ...aria.field,
  });
  return h("div", { class: "input-wrap" }, node, counter);
}

const PICKERS = {
  datepicker: { type: "date", initial: (element) => element.initial_date, value: (text) => text },
  timepicker: { type: "time", initial: (element) => element.initial_time, value: (text) => text.slice(0, 5) },
  datetimepicker: {
    type: "datetime-local",
    initial: (element) => (element.initial_date_time ? toWall(new Date(element.initial_date_time * 1000)) : ""),
    value: (text) => Math.floor(fromWall(text).getTime() / 1000),
  },
};

/** Date, time, and both: the last in the viewer's zone, which is named. */
export function picker(element, block, context, aria) {
  const kind = PICKERS[element.type];
  const hint = element.type === "datetimepicker" ? h("p", { class: "hint", id: uid("zone") }, t("zoneHint", { zone: zoneName() })) : null;
  const node = h("input", {
    type: kind.type,
    class: "input picker",
    ...aria,
    "aria-describedby": [aria["aria-describedby"], hint?.id].filter(Boolean).join(" ") || null,
    value: context.form.before(block.block_id, element.action_id) ?? kind.initial(element) ?? "",
  });
  const value = () => (node.value ? kind.value(node.value) : null);
  wireDispatch(node, element, block, context, value, true);
  context.form.add({
    get: value,
    raw: () => node.value,
    focus: () => node.focus(),
    check: () => (!block.optional && !node.value ? t("required") : null),
    ...aria.field,
  });
  return hint ? h("div", { class: "input-wrap" }, node, hint) : node;
}

/** Files, uploaded as soon as they are chosen. */
export function fileInput(element, block, context, aria) {
  let files = context.form.before(block.block_id, element.action_id) ?? [];
  const max = element.max_files ?? 10;
  const list = h("ul", { class: "file-list" });
  const status = h("p", { class: "hint", role: "status" });
  const input = h("input", {
    type: "file",
    class: "file-pick",
    multiple: max > 1,
    accept: element.filetypes?.map((kind) => `.${kind}`).join(","),
    ...aria,
  });
  const draw = () =>
    replace(
      list,
      files.map((file) =>
        h("li", {}, h("bdi", {}, file.name), iconButton("close", t("removeFile", { name: file.name }), () => {
          files = files.filter((one) => one !== file);
          draw();
        })),
      ),
    );
  input.addEventListener("change", async () => {
    const picked = [...input.files];
    input.value = "";
    if (files.length + picked.length > max) return replace(status, n("fileTooMany", max));
    replace(status, t("uploading"));
    for (const one of picked) {
      const file = await attempt(() => api.upload(one));
      if (file) files = [...files, file];
    }
    replace(status);
    draw();
    return undefined;
  });
  draw();
  context.form.add({
    get: () => files.map((file) => file.id),
    raw: () => files,
    focus: () => input.focus(),
    check: () => (!block.optional && files.length === 0 ? t("required") : null),
    ...aria.field,
  });
  return append(h("div", { class: "input-wrap" }), [input, status, list]);
}
