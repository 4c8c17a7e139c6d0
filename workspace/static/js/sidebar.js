// The side bar: who acts, where one can go, what is unread.

import { h, icon, replace } from "./dom.js";
import { zoneName } from "./dates.js";
import { avatar, bot, displayName, humans, languageLabel, people, roleLabel } from "./people.js";
import { openMenu } from "./popup.js";
import { state } from "./state.js";
import { n, t } from "./words.js";

const where = (person) => `${languageLabel(person)} · ${zoneName(person.tz)}`;
const about = (person) => `${roleLabel(person)} · ${where(person)}`;

/** The persona's card; pressing it lists everybody one can act as. */
export function personaCard(switchTo) {
  const { me } = state;
  const card = h(
    "button",
    {
      type: "button",
      class: "persona",
      id: "persona",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-label": t("switchPersona", { name: `${me.real_name}, ${about(me)}` }),
      on: { click: () => openMenu(card, personaItems(switchTo), { label: t("personas"), className: "persona-menu" }) },
    },
    avatar(me.id),
    h("span", { class: "persona-text" }, h("bdi", { class: "persona-name" }, me.real_name), h("span", { class: "persona-role" }, roleLabel(me)), h("span", { class: "persona-about" }, where(me))),
    icon("down"),
  );
  return card;
}

const personaItems = (switchTo) => [
  { heading: t("personas") },
  ...humans()
    .filter((person) => !person.deleted)
    .map((person) => ({ label: person.real_name, description: about(person), before: avatar(person.id), checked: person.id === state.me.id, run: () => switchTo(person) })),
];

/** What a conversation is called. */
export function nameOf(one) {
  if (one.kind !== "im") return `#${one.name}`;
  const other = typeof one.with === "object" ? one.with?.id : one.with;
  return people.has(other) ? displayName(other) : one.name;
}
export const otherOf = (one) => (typeof one.with === "object" ? one.with?.id : one.with);

function row(one, go) {
  const here = state.place.kind === "conversation" && state.place.id === one.id;
  const name = nameOf(one);
  const other = otherOf(one);
  const unread = here ? 0 : Number(one.unread) || 0;
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: `place ${unread ? "unread" : ""}`, "aria-current": here ? "page" : null, on: { click: () => go(one.id) } },
      one.kind === "im" ? avatar(other, "avatar-small") : icon("hash"),
      h("bdi", { class: "place-name" }, one.kind === "im" ? name : one.name, other === state.me.id ? h("span", { class: "place-you" }, ` ${t("you")}`) : null),
      people.get(other)?.is_bot ? h("span", { class: "badge" }, t("app")) : null,
      unread ? h("span", { class: "count", "aria-label": n("unreadCount", unread) }, String(unread)) : null,
    ),
  );
}

const group = (heading, rows) => (rows.length ? h("section", { class: "place-group" }, h("h2", {}, heading), h("ul", {}, rows)) : null);

/** Draws the whole side bar; the focus stays on the entry that had it. */
export function drawSidebar(node, { go, goHome, switchTo }) {
  const focusable = () => [...node.querySelectorAll("button")];
  const at = focusable().indexOf(document.activeElement);
  const byName = (a, b) => nameOf(a).localeCompare(nameOf(b));
  const channelsIn = state.conversations.filter((one) => one.kind !== "im" && one.is_member).sort(byName);
  const channelsOut = state.conversations.filter((one) => one.kind !== "im" && !one.is_member).sort(byName);
  const direct = state.conversations.filter((one) => one.kind === "im").sort((a, b) => (otherOf(b) === bot.id) - (otherOf(a) === bot.id) || byName(a, b));
  const home = h(
    "button",
    { type: "button", class: "place", "aria-current": state.place.kind === "home" ? "page" : null, on: { click: goHome } },
    icon("home"),
    h("span", { class: "place-name" }, t("homeOf", { bot: bot.name })),
  );
  replace(
    node,
    h("p", { class: "acting-as" }, t("actingAs")),
    personaCard(switchTo),
    h(
      "nav",
      { "aria-label": t("sideBar"), class: "places" },
      h("ul", { class: "place-home" }, h("li", {}, home)),
      group(t("channels"), channelsIn.map((one) => row(one, go))),
      group(t("directMessages"), direct.map((one) => row(one, go))),
      group(t("moreChannels"), channelsOut.map((one) => row(one, go))),
    ),
  );
  if (at >= 0) focusable()[at]?.focus({ preventScroll: true });
}

/** Up and down through the entries, beside Tab. */
export function arrowKeys(event) {
  if (!event.target.classList?.contains("place") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const rows = [...event.currentTarget.querySelectorAll(".place")];
  const to = rows.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  rows[Math.max(0, Math.min(to, rows.length - 1))].focus();
}
