// Who is who: names, faces, mentions. Filled once from the workspace and refreshed when somebody joins.

import { h } from "./dom.js";
import { has, t } from "./words.js";

export const people = new Map();
export const channels = new Map();
export const bot = { id: "", name: "Praxis" };
export const team = { name: "" };

export function learnPeople(answer) {
  people.clear();
  for (const person of answer.people) people.set(person.id, person);
  Object.assign(team, answer.team ?? {});
  if (answer.bot) {
    Object.assign(bot, answer.bot, { name: answer.bot.real_name || answer.bot.name || bot.name });
    bot.name = bot.name.charAt(0).toUpperCase() + bot.name.slice(1);
    if (!people.has(bot.id)) people.set(bot.id, { id: bot.id, name: answer.bot.name, real_name: bot.name, is_bot: true });
  }
}

export function learnChannels(conversations) {
  for (const one of conversations) if (one.kind !== "im") channels.set(one.id, one);
}

/** Who speaks for the workspace itself, as when a command failed. */
export const WORKSPACE = "USLACKBOT";

export const displayName = (id) => {
  if (id === WORKSPACE) return t("theWorkspace");
  const person = people.get(id);
  return person ? person.real_name || person.name : t("unknownUser");
};
export const humans = () => [...people.values()].filter((person) => !person.is_bot);
export const roleLabel = (person) => {
  const role = String(person.role ?? "").toLowerCase();
  return has(`role.${role}`) ? t(`role.${role}`) : person.role || t("role.member");
};
export const languageLabel = (person) => t(String(person.locale).toLowerCase().startsWith("fr") ? "french" : "english");

const HUES = 8;
function hue(text) {
  let sum = 0;
  for (const char of String(text)) sum = (sum * 31 + char.codePointAt(0)) % 9973;
  return sum % HUES;
}
const initials = (name) => {
  const words = [...String(name).trim().split(/\s+/)].filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0]).join("").toLocaleUpperCase() || "?";
};

/** A face: initials on a colour that is always the same for the same person. Decorative beside the name. */
export function avatar(id, size = "") {
  const person = people.get(id);
  const name = displayName(id);
  return h("span", { class: `avatar ${size} ${person?.is_bot ? "avatar-bot" : `hue-${hue(id)}`}`, "aria-hidden": "true" }, initials(name));
}

/** Events that other modules listen to: a person's or a channel's name was pressed. */
export const goTo = (channelId) => document.dispatchEvent(new CustomEvent("praxis:go", { detail: { channel: channelId } }));

export function userMention(id, fallback) {
  const person = people.get(id);
  const name = person ? displayName(id) : fallback || t("unknownUser");
  return h("span", { class: "mention", data: { user: id } }, "@", h("bdi", {}, name));
}

export function channelMention(id, fallback) {
  const channel = channels.get(id);
  const name = channel?.name || fallback || t("unknownChannel");
  if (!channel) return h("span", { class: "mention" }, "#", h("bdi", {}, name));
  return h("button", { type: "button", class: "mention mention-link", on: { click: () => goTo(id) } }, "#", h("bdi", {}, name));
}

export function broadcastMention(range) {
  const words = { here: "hereMention", channel: "channelMention", everyone: "everyone" };
  return h("span", { class: "mention mention-all" }, `@${has(words[range] ?? "") ? t(words[range]) : range}`);
}
