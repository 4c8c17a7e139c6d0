// Elements that choose: selects of every source, radio buttons, checkboxes.

import { act, actsAtOnce } from "./acting.js";
import { combobox, localSource } from "./combobox.js";
import { h, uid } from "./dom.js";
import { asString, textObject } from "./mrkdwn.js";
import { channels, displayName, humans, people } from "./people.js";
import { t } from "./words.js";

const fromOption = (option) => ({
  value: option.value,
  label: asString(option.text),
  description: option.description ? asString(option.description) : null,
  option,
});
const groupsOf = (element) =>
  element.option_groups
    ? element.option_groups.map((group) => ({ label: asString(group.label), options: (group.options ?? []).map(fromOption) }))
    : [{ options: (element.options ?? []).map(fromOption) }];

const personOptions = () => [...people.values()].map((person) => ({ value: person.id, label: displayName(person.id) }));
const channelOptions = () => [...channels.values()].map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
const SOURCES = {
  static: groupsOf,
  users: () => [{ options: personOptions().filter((one) => humans().some((person) => person.id === one.value)) }],
  channels: () => [{ options: channelOptions() }],
  conversations: ({ filter = {} }) => {
    const shown = (kind) => !filter.include || filter.include.includes(kind); // every channel here is public
    const others = personOptions().filter((one) => !filter.exclude_bot_users || !people.get(one.value).is_bot);
    return [{ options: [...(shown("public") ? channelOptions() : []), ...(shown("im") ? others : [])] }];
  },
};

function initialOf(element, source, groups) {
  const every = groups.flatMap((group) => group.options);
  const byValue = (value) => every.find((one) => one.value === value) ?? { value, label: value };
  if (source === "static" || source === "external") return (element.initial_options ?? [element.initial_option]).filter(Boolean).map(fromOption);
  const single = element[`initial_${source.replace(/s$/, "")}`];
  return (element[`initial_${source}`] ?? [single]).filter(Boolean).map(byValue);
}

/** All the selects: static, external, users, conversations and channels, one or several. */
export function select(element, block, context, aria) {
  const multi = element.type.startsWith("multi_");
  const source = element.type.replace("multi_", "").replace("_select", "");
  const groups = SOURCES[source]?.(element) ?? [];
  const kept = context.form.before(block.block_id, element.action_id);
  const initial = kept ?? initialOf(element, source, groups);
  const placeholder = element.placeholder ? asString(element.placeholder) : t("choose");
  return multi || source === "external"
    ? searched(element, block, context, aria, { multi, source, groups, initial, placeholder })
    : native(element, block, context, aria, { groups, initial, placeholder });
}

function native(element, block, context, aria, { groups, initial, placeholder }) {
  let current = initial[0]?.value ?? "";
  const optionOf = (one) => h("option", { value: one.value, selected: one.value === current }, one.label);
  const known = groups.some((group) => group.options.some((one) => one.value === current));
  const node = h(
    "select",
    { class: "select", ...aria },
    h("option", { value: "", selected: current === "", disabled: block.type === "input" && !block.optional && current !== "" }, placeholder),
    current && !known ? optionOf(initial[0]) : null,
    groups.map((group) => (group.label ? h("optgroup", { label: group.label }, group.options.map(optionOf)) : group.options.map(optionOf))),
  );
  node.addEventListener("change", async () => {
    if (!actsAtOnce(block)) return;
    const wanted = node.value;
    if (wanted && (await act(context, block, element, wanted, node))) current = wanted;
    else node.value = current; // refused or unanswered: show what the bot still believes
  });
  const find = () => groups.flatMap((group) => group.options).find((one) => one.value === node.value) ?? initial.find((one) => one.value === node.value);
  context.form.add({
    get: () => node.value || null,
    raw: () => [find()].filter(Boolean),
    focus: () => node.focus(),
    check: () => (!block.optional && !node.value ? t("required") : null),
    ...aria.field,
  });
  return node;
}

function searched(element, block, context, aria, { multi, source, groups, initial, placeholder }) {
  const ask = async (query) => {
    const answer = await context.suggest({ action_id: element.action_id, block_id: block.block_id, value: query });
    return groupsOf(answer ?? {});
  };
  const box = combobox({
    id: aria.id,
    multi,
    source: source === "external" ? ask : localSource(groups),
    minQuery: source === "external" ? (element.min_query_length ?? 3) : 0,
    max: element.max_selected_items,
    initial,
    placeholder,
    aria,
    onChange: (chosen) => {
      const values = chosen.map((one) => one.value);
      if (actsAtOnce(block)) act(context, block, element, multi ? values : (values[0] ?? null), box.input);
    },
  });
  const values = () => box.get().map((one) => one.value);
  context.form.add({
    get: () => (multi ? values() : (values()[0] ?? null)),
    raw: () => [...box.get()],
    focus: () => box.input.focus(),
    check: () => (!block.optional && box.get().length === 0 ? t("required") : null),
    ...aria.field,
  });
  return box.node;
}

/** Checkboxes and radio buttons. */
export function ticks(element, block, context, aria) {
  const several = element.type === "checkboxes";
  const options = element.options ?? [];
  const kept = context.form.before(block.block_id, element.action_id);
  const initial = new Set(kept ?? (several ? element.initial_options : [element.initial_option])?.filter(Boolean).map((one) => one.value) ?? []);
  const name = uid("ticks");
  const boxes = options.map((option) =>
    h("input", { type: several ? "checkbox" : "radio", name, value: option.value, checked: initial.has(option.value), id: uid("tick"), "aria-describedby": aria["aria-describedby"] }),
  );
  const node = h(
    "div",
    { class: "ticks", role: several ? "group" : "radiogroup", "aria-label": aria["aria-label"], "aria-labelledby": aria["aria-labelledby"] },
    options.map((option, index) =>
      h(
        "label",
        { class: "tick", for: boxes[index].id },
        boxes[index],
        h("span", { class: "tick-text" }, h("span", { class: "text" }, textObject(option.text)), option.description && h("span", { class: "tick-description text" }, textObject(option.description))),
      ),
    ),
  );
  const values = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const value = () => (several ? values() : (values()[0] ?? null));
  let current = values();
  node.addEventListener("change", async (event) => {
    if (!actsAtOnce(block)) return;
    if (await act(context, block, element, value(), event.target)) current = values();
    else for (const box of boxes) box.checked = current.includes(box.value);
  });
  context.form.add({
    get: value,
    raw: values,
    focus: () => (boxes.find((box) => box.checked) ?? boxes[0])?.focus(),
    check: () => (!block.optional && values().length === 0 ? t("required") : null),
    ...aria.field,
  });
  return node;
}
