// One message: who, when, what, and what can be done with it.

import { api } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { ago, dayKey, fromTs, full, time } from "./dates.js";
import { append, h, icon, iconButton } from "./dom.js";
import { REACTIONS, emoji } from "./emoji.js";
import { Form } from "./form.js";
import { emojiNode, mrkdwn } from "./mrkdwn.js";
import { WORKSPACE, avatar, bot, displayName, people } from "./people.js";
import { file } from "./pictures.js";
import { openMenu, openPanel } from "./popup.js";
import { state } from "./state.js";
import { attempt, toast } from "./toast.js";
import { n, t } from "./words.js";

const GROUP_SECONDS = 300;
const LONG_TEXT = 2500;
const JOINS = ["channel_join", "channel_leave", "group_join", "channel_topic", "channel_purpose", "channel_name"];

export const authorOf = (message) => message.user ?? (message.bot_id ? bot.id : "");
const authorName = (message) => message.username ?? displayName(authorOf(message));

/** Whether a message can stand under the one before without repeating who speaks. */
export const follows = (message, before) =>
  Boolean(before) &&
  authorOf(before) === authorOf(message) &&
  !before.ephemeral === !message.ephemeral &&
  !JOINS.includes(before.subtype) &&
  !message.reply_count &&
  Number(message.ts) - Number(before.ts) < GROUP_SECONDS &&
  dayKey(fromTs(before.ts)) === dayKey(fromTs(message.ts));

const FAILED_COMMAND = /^(\/\S+) failed with the error "\w+"$/;
/** What the workspace itself says, in the page's language; a person's and the bot's words as they are. */
function ownWords(message) {
  if (message.subtype === "tombstone") return t("deleted");
  const failed = message.user === WORKSPACE && FAILED_COMMAND.exec(message.text);
  return failed ? t("commandFailed", { command: failed[1], bot: bot.name }) : null;
}

/** The message's words without markup, for those who listen. */
export function spoken(message) {
  const holder = h("div", {}, mrkdwn(message.text ?? ""));
  return t("saidBy", { name: authorName(message), text: holder.textContent.slice(0, 200) });
}

/** Whether the blocks are only Slack's form of a plain text: the workspace names them after the message, and the text says more. */
const derived = (message) =>
  message.blocks?.length === 1 && message.blocks[0].type === "rich_text" && message.blocks[0].block_id === message.ts.slice(-5);

function content(message, channel) {
  const form = new Form();
  const context = {
    surface: "message",
    form,
    click: (body) => api.click({ channel, ts: message.ts, values: form.values(), ...body }),
    suggest: (body) => api.suggest({ channel, ts: message.ts, ...body }),
  };
  const body = h("div", { class: "message-content" });
  const ours = ownWords(message);
  append(body, message.blocks?.length && !ours && !derived(message) ? renderBlocks(message.blocks, context) : [h("div", { class: "text" }, mrkdwn(ours ?? message.text))]);
  for (const attachment of message.attachments ?? []) {
    const inside = attachment.blocks ? renderBlocks(attachment.blocks, context) : mrkdwn(attachment.text ?? attachment.fallback ?? "");
    body.append(h("div", { class: "attachment text" }, inside));
  }
  const weight = JSON.stringify(message.blocks ?? message.text ?? "").length;
  return weight > LONG_TEXT && body.textContent.length > LONG_TEXT ? folded(body) : body;
}

function folded(body) {
  body.classList.add("folded");
  const toggle = h("button", { type: "button", class: "link-button", "aria-expanded": "false" }, t("showMore"));
  toggle.addEventListener("click", () => {
    const open = body.classList.toggle("folded") === false;
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = t(open ? "showLess" : "showMore");
  });
  return [body, toggle];
}

const react = (channel, message, name) => attempt(() => api.react({ channel, ts: message.ts, name }));

function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((one) => {
      const mine = (one.users ?? []).includes(state.me.id);
      const count = one.count ?? one.users?.length ?? 1;
      const who = (one.users ?? []).map(displayName).join(", ");
      return h(
        "button",
        {
          type: "button",
          class: `reaction ${mine ? "mine" : ""}`,
          "aria-pressed": String(mine),
          "aria-label": n("reactionBy", count, { emoji: one.name.replaceAll("_", " ") }),
          title: who,
          on: { click: () => react(channel, message, one.name) },
        },
        emojiNode(one.name),
        h("span", {}, String(count)),
      );
    }),
  );
}

function threadSummary(message, openThread) {
  if (!message.reply_count) return null;
  const faces = [...new Set(message.reply_users ?? [])].slice(0, 4);
  const last = message.latest_reply ? t("lastReply", { when: ago(fromTs(message.latest_reply)) }) : "";
  return h(
    "button",
    { type: "button", class: "thread-summary", on: { click: () => openThread(message.ts) } },
    faces.length ? h("span", { class: "faces" }, faces.map((id) => avatar(id, "avatar-tiny"))) : icon("reply"),
    h("strong", {}, n("replies", message.reply_count)),
    last && h("span", { class: "thread-last" }, last),
  );
}

function palette(anchor, channel, message) {
  const panel = openPanel(
    anchor,
    h(
      "div",
      { class: "palette" },
      REACTIONS.map((name) =>
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": name.replaceAll("_", " "),
            title: `:${name}:`,
            on: {
              click: () => {
                panel.close();
                react(channel, message, name);
              },
            },
          },
          emoji(name),
        ),
      ),
    ),
    { label: t("addReaction"), end: true },
  );
  panel?.querySelector("button").focus();
}

function moreActions(anchor, channel, message) {
  const offered = state.shortcuts.filter((one) => one.type === "message");
  const items = offered.map((one) => ({
    label: one.name,
    description: one.description,
    before: icon("bolt"),
    run: () => {
      toast(t("opening"));
      attempt(() => api.shortcut({ callback_id: one.callback_id, channel, ts: message.ts }));
    },
  }));
  openMenu(anchor, items.length ? items : [{ note: t("noMessageShortcuts") }], { label: t("moreActions"), end: true });
}

function toolbar(message, channel, openThread) {
  if (message.ephemeral || JOINS.includes(message.subtype)) return null;
  const bar = h("div", { class: "message-tools", role: "group", "aria-label": t("messageActions", { name: authorName(message) }) });
  const smile = iconButton("smile", t("addReaction"), () => palette(smile, channel, message), { "aria-haspopup": "dialog", "aria-expanded": "false" });
  const more = iconButton("more", t("moreActions"), () => moreActions(more, channel, message), { "aria-haspopup": "menu", "aria-expanded": "false" });
  const reply = openThread ? iconButton("reply", t("replyInThread"), () => openThread(message.thread_ts ?? message.ts)) : null;
  return append(bar, [smile, reply, more]);
}

/** The list item of a message. `compact`: the author stands above already. Without `openThread` no reply can be started. */
export function messageNode(message, { channel, compact, openThread }) {
  const author = authorOf(message);
  const date = fromTs(message.ts);
  const stamp = h("time", { class: "stamp", datetime: date.toISOString(), title: full(date) }, time(date));
  if (JOINS.includes(message.subtype)) {
    return h("li", { class: "message message-system", data: { ts: message.ts }, tabindex: "-1" }, h("div", { class: "text" }, mrkdwn(message.text)), stamp);
  }
  const isBot = Boolean(message.bot_id || people.get(author)?.is_bot);
  return h(
    "li",
    { class: `message ${compact ? "compact" : ""} ${message.ephemeral ? "ephemeral" : ""}`, data: { ts: message.ts }, tabindex: "-1" },
    message.ephemeral ? h("p", { class: "only-you" }, icon("eye"), t("onlyYou")) : null,
    compact ? h("span", { class: "gutter" }, stamp) : avatar(author),
    h(
      "div",
      { class: "message-body" },
      compact
        ? h("span", { class: "sr-only" }, `${authorName(message)}, ${time(date)}`)
        : h("p", { class: "byline" }, h("bdi", { class: "author" }, authorName(message)), isBot ? h("span", { class: "badge" }, t("app")) : null, stamp),
      content(message, channel),
      message.edited ? h("span", { class: "edited" }, t("edited")) : null,
      message.files?.length ? h("div", { class: "files" }, message.files.map(file)) : null,
      reactions(message, channel),
      openThread && message.ts === (message.thread_ts ?? message.ts) ? threadSummary(message, openThread) : null,
    ),
    toolbar(message, channel, openThread),
  );
}
