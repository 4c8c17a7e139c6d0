// Slack's mrkdwn to DOM nodes. Every scan moves forward only, so that 40,000 hostile characters cost no more than they weigh.

import { h } from "./dom.js";
import { fillTokens, full } from "./dates.js";
import { emoji } from "./emoji.js";
import { broadcastMention, channelMention, userMention } from "./people.js";
import { t } from "./words.js";

export const unescape = (text) => text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);

/** An address that may be followed, or null: nothing but the web and mail. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

export function link(address, ...label) {
  const url = safeUrl(address);
  if (!url) return h("span", {}, ...(label.length ? label : [address]));
  const host = url.protocol === "mailto:" ? url.pathname : url.host;
  return h(
    "a",
    { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.protocol === "mailto:" ? null : t("openLink", { host }) },
    ...(label.length ? label : [address]),
  );
}

/** An emoji as a picture with its name, or the name as it was typed. */
export function emojiNode(name, unicode) {
  const char = unicode || emoji(name);
  if (!char) return document.createTextNode(`:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": String(name).replaceAll("_", " "), title: `:${name}:` }, char);
}

export function dateNode(seconds, format, url, fallback) {
  const filled = fillTokens(seconds, format);
  if (filled === null) return document.createTextNode(fallback);
  const date = new Date(Number(seconds) * 1000);
  const node = h("time", { datetime: date.toISOString(), title: full(date) }, filled);
  return url ? link(url, node) : node;
}

function special(body) {
  const [head, ...rest] = body.split("|");
  const label = rest.join("|");
  if (head.startsWith("@")) return userMention(head.slice(1), unescape(label).replace(/^@/, ""));
  if (head.startsWith("#")) return channelMention(head.slice(1), unescape(label).replace(/^#/, ""));
  if (head.startsWith("!date^")) {
    const [, seconds, format = "", url] = head.split("^");
    return dateNode(seconds, unescape(format), url && unescape(url), unescape(label));
  }
  if (head.startsWith("!subteam^")) return h("span", { class: "mention" }, unescape(label || head));
  if (head.startsWith("!")) return broadcastMention(unescape(head.slice(1)));
  return link(unescape(head), ...(label ? [unescape(label)] : []));
}

const WRAPS = { "*": "strong", _: "em", "~": "s" };
const isWord = (char) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

const DEEPEST = 6;

/** Inline mrkdwn of one line to nodes. `verbatim` leaves bare addresses and emoji names alone. */
export function inline(text, verbatim = false, depth = 0) {
  const nodes = [];
  let plain = "";
  const none = {}; // per mark: there is no closing one from this position on
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(unescape(plain)));
    plain = "";
  };
  const closing = (mark, from) => {
    if (none[mark] !== undefined && from >= none[mark]) return -1;
    for (let at = text.indexOf(mark, from); at !== -1; at = text.indexOf(mark, at + 1)) {
      if (at > from && !/\s/.test(text[at - 1]) && !isWord(text[at + 1])) return at;
    }
    none[mark] = from;
    return -1;
  };
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === "<") {
      const end = text.indexOf(">", at);
      if (end > at + 1) {
        flush();
        nodes.push(special(text.slice(at + 1, end)));
        at = end + 1;
        continue;
      }
    } else if (char === "`") {
      const end = text.indexOf("`", at + 1);
      if (end > at + 1) {
        flush();
        nodes.push(h("code", {}, unescape(text.slice(at + 1, end))));
        at = end + 1;
        continue;
      }
    } else if (WRAPS[char] && depth < DEEPEST && !isWord(text[at - 1]) && text[at + 1] !== undefined && !/\s/.test(text[at + 1]) && text[at + 1] !== char) {
      const end = closing(char, at + 1);
      if (end !== -1) {
        flush();
        nodes.push(h(WRAPS[char], {}, inline(text.slice(at + 1, end), verbatim, depth + 1)));
        at = end + 1;
        continue;
      }
    } else if (char === ":" && !verbatim) {
      const match = /^:([a-z0-9_+'-]{1,60})(?:::skin-tone-[2-6])?:/.exec(text.slice(at, at + 90));
      if (match && emoji(match[1])) {
        flush();
        nodes.push(emojiNode(match[1]));
        at += match[0].length;
        continue;
      }
    } else if (char === "h" && !verbatim && !isWord(text[at - 1]) && /^https?:\/\//.test(text.slice(at, at + 8))) {
      const match = /^https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]}'"*_~]/.exec(text.slice(at, at + 2000));
      if (match) {
        flush();
        nodes.push(link(unescape(match[0])));
        at += match[0].length;
        continue;
      }
    }
    plain += char;
    at += 1;
  }
  flush();
  return nodes;
}

const QUOTE = /^(?:&gt;|>) ?/;
const BULLET = /^(\s*)(?:[•◦▪-]) +/;
const NUMBER = /^(\s*)(\d{1,3})\. +/;

function lines(text, verbatim, quoted = false) {
  const out = [];
  const rows = text.split("\n");
  let at = 0;
  const gather = (pattern) => {
    const taken = [];
    while (at < rows.length && pattern.test(rows[at])) taken.push(rows[at++].replace(pattern, ""));
    return taken;
  };
  while (at < rows.length) {
    if (!quoted && QUOTE.test(rows[at])) out.push(h("blockquote", { dir: "auto" }, lines(gather(QUOTE).join("\n"), verbatim, true)));
    else if (BULLET.test(rows[at])) out.push(h("ul", {}, gather(BULLET).map((row) => h("li", { dir: "auto" }, inline(row, verbatim)))));
    else if (NUMBER.test(rows[at])) {
      const start = NUMBER.exec(rows[at])[2];
      out.push(h("ol", { start: start === "1" ? null : start }, gather(NUMBER).map((row) => h("li", { dir: "auto" }, inline(row, verbatim)))));
    } else if (rows[at].trim() === "") {
      out.push(h("div", { class: "gap" }));
      at += 1;
    } else {
      out.push(h("div", { class: "line", dir: "auto" }, inline(rows[at], verbatim)));
      at += 1;
    }
  }
  return out;
}

/** A whole mrkdwn text: fences, quotes, lists, lines. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const nodes = [];
  const parts = String(text ?? "").split("```");
  parts.forEach((part, index) => {
    const fenced = index % 2 === 1 && index < parts.length - 1;
    if (fenced) nodes.push(h("pre", { tabindex: part.length > 400 ? "0" : null }, h("code", {}, unescape(part.replace(/^\n|\n$/g, "")))));
    else {
      const whole = index % 2 === 1 ? `\`\`\`${part}` : part;
      const trimmed = index > 0 ? whole.replace(/^\n/, "") : whole;
      if (trimmed) nodes.push(...lines(trimmed.replace(/\n$/, ""), verbatim));
    }
  });
  return nodes;
}

/** Slack's text object: plain_text with emoji names, or mrkdwn. */
export function textObject(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim === true });
  return plainText(object.text, object.emoji !== false);
}

/** plain_text: nothing but emoji names is special; entities are read, as Slack does. */
export function plainText(text, withEmoji = true) {
  const source = unescape(String(text ?? ""));
  if (!withEmoji || !source.includes(":")) return [document.createTextNode(source)];
  const nodes = [];
  let from = 0;
  for (const match of source.matchAll(/:([a-z0-9_+'-]{1,60}):/g)) {
    if (!emoji(match[1]) || match.index < from) continue;
    nodes.push(document.createTextNode(source.slice(from, match.index)), emojiNode(match[1]));
    from = match.index + match[0].length;
  }
  nodes.push(document.createTextNode(source.slice(from)));
  return nodes;
}

/** The text of an object as a string, for labels and titles. */
export const asString = (object) => {
  const holder = document.createElement("span");
  holder.append(...textObject(object));
  return holder.textContent.trim();
};
