// The rich_text block to DOM nodes.

import { h } from "./dom.js";
import { broadcastMention, channelMention, userMention } from "./people.js";
import { dateNode, emojiNode, link } from "./mrkdwn.js";

function styled(node, style = {}) {
  let wrapped = node;
  if (style.code) wrapped = h("code", {}, wrapped);
  if (style.bold) wrapped = h("strong", {}, wrapped);
  if (style.italic) wrapped = h("em", {}, wrapped);
  if (style.strike) wrapped = h("s", {}, wrapped);
  if (style.underline) wrapped = h("u", {}, wrapped);
  return wrapped;
}

const PIECES = {
  text: (piece) => document.createTextNode(piece.text),
  link: (piece) => link(piece.url, piece.text || piece.url),
  user: (piece) => userMention(piece.user_id),
  usergroup: (piece) => h("span", { class: "mention" }, `@${piece.usergroup_id}`),
  channel: (piece) => channelMention(piece.channel_id),
  broadcast: (piece) => broadcastMention(piece.range),
  emoji: (piece) => emojiNode(piece.name, fromHex(piece.unicode)),
  date: (piece) => dateNode(piece.timestamp, piece.format ?? "{date_long}", piece.url, piece.fallback ?? ""),
  color: (piece) => h("code", {}, piece.value),
};
const fromHex = (hex) => {
  const points = String(hex ?? "").split("-").map((part) => Number.parseInt(part, 16));
  return points.every((point) => point > 0 && point < 0x110000) ? String.fromCodePoint(...points) : null;
};
const pieces = (elements = []) =>
  elements.map((piece) => styled((PIECES[piece.type] ?? ((other) => document.createTextNode(other.text ?? "")))(piece), piece.style));

function listOf(element) {
  const level = Math.min(Number(element.indent) || 0, 6);
  const ordered = element.style === "ordered";
  const items = (element.elements ?? []).map((item) => h("li", { dir: "auto" }, pieces(item.elements)));
  const start = Number(element.offset) > 0 ? Number(element.offset) + 1 : null;
  return h(ordered ? "ol" : "ul", { class: `indent-${level}`, start: ordered ? start : null }, items);
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "line pre-line", dir: "auto" }, pieces(part.elements)),
  rich_text_list: listOf,
  rich_text_quote: (part) => h("blockquote", { class: "pre-line", dir: "auto" }, pieces(part.elements)),
  rich_text_preformatted: (part) => h("pre", {}, h("code", {}, pieces(part.elements))),
};

export const richText = (block) => (block.elements ?? []).map((part) => (PARTS[part.type] ? PARTS[part.type](part) : null));
