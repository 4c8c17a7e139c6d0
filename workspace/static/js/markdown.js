// The markdown block (standard Markdown, the part that messages use) to DOM nodes.

import { h } from "./dom.js";
import { link } from "./mrkdwn.js";
import { t } from "./words.js";

/** Inline Markdown: code, bold, italic, strike, links. */
export function inlineMarkdown(text) {
  const nodes = [];
  const pattern = /(`+)([^`]+)\1|\*\*([^*\n]{1,2000})\*\*|__([^_\n]{1,2000})__|\*([^*\s][^*\n]{0,2000})\*|\b_([^_\n]{1,2000})_\b|~~([^~\n]{1,2000})~~|!?\[([^\][\n]{0,500})\]\(([^()\s]{1,2000})\)|<(https?:[^<>\s]{1,2000})>/g;
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) nodes.push(document.createTextNode(text.slice(from, match.index)));
    const [, , code, bold, bold2, italic, italic2, strike, label, url, bare] = match;
    if (code !== undefined) nodes.push(h("code", {}, code));
    else if (bold ?? bold2) nodes.push(h("strong", {}, inlineMarkdown(bold ?? bold2)));
    else if (italic ?? italic2) nodes.push(h("em", {}, inlineMarkdown(italic ?? italic2)));
    else if (strike) nodes.push(h("s", {}, inlineMarkdown(strike)));
    else nodes.push(link(url ?? bare, label || url || bare));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(document.createTextNode(text.slice(from)));
  return nodes;
}

const DEEPEST = 4; // of quotes in quotes

const KINDS = [
  ["heading", /^(#{1,6})\s+(.*)$/],
  ["rule", /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/],
  ["quote", /^>\s?(.*)$/],
  ["bullet", /^\s*[-*+]\s+(.*)$/],
  ["number", /^\s*\d{1,4}[.)]\s+(.*)$/],
  ["table", /^\s*\|(.*)\|\s*$/],
  ["blank", /^\s*$/],
];
function kindOf(row) {
  for (const [kind, pattern] of KINDS) {
    const match = pattern.exec(row);
    if (match) return [kind, match];
  }
  return ["text", [row, row]];
}

function table(rows) {
  const cells = rows.map((row) => row.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim()));
  const body = cells.filter((row, index) => !(index === 1 && row.every((cell) => /^:?-+:?$/.test(cell))));
  const [head, ...rest] = body;
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "group", "aria-label": t("table") },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, inlineMarkdown(cell))))),
      h("tbody", {}, rest.map((row) => h("tr", {}, row.map((cell) => h("td", {}, inlineMarkdown(cell)))))),
    ),
  );
}

/** A Markdown text: headings, lists, quotes, tables, fences, paragraphs. */
export function markdown(text, depth = 0) {
  const nodes = [];
  const rows = String(text ?? "").split("\n");
  let at = 0;
  const gather = (wanted) => {
    const taken = [];
    while (at < rows.length && kindOf(rows[at])[0] === wanted) taken.push(kindOf(rows[at++])[1]);
    return taken;
  };
  while (at < rows.length) {
    if (/^```/.test(rows[at])) {
      const code = [];
      at += 1;
      while (at < rows.length && !/^```/.test(rows[at])) code.push(rows[at++]);
      at += 1;
      nodes.push(h("pre", {}, h("code", {}, code.join("\n"))));
      continue;
    }
    const [kind, match] = kindOf(rows[at]);
    if (kind === "heading") {
      nodes.push(h("p", { class: `md-heading md-h${match[1].length}`, dir: "auto" }, inlineMarkdown(match[2])));
      at += 1;
    } else if (kind === "rule") {
      nodes.push(h("hr"));
      at += 1;
    } else if (kind === "quote") {
      const inner = gather("quote").map((one) => one[1]).join("\n");
      nodes.push(h("blockquote", {}, depth < DEEPEST ? markdown(inner, depth + 1) : inner));
    }
    else if (kind === "bullet") nodes.push(h("ul", {}, gather("bullet").map((one) => h("li", { dir: "auto" }, inlineMarkdown(one[1])))));
    else if (kind === "number") nodes.push(h("ol", {}, gather("number").map((one) => h("li", { dir: "auto" }, inlineMarkdown(one[1])))));
    else if (kind === "table") nodes.push(table(gather("table").map((one) => one[0])));
    else if (kind === "blank") at += 1;
    else {
      const taken = gather("text").map((one) => one[1]);
      nodes.push(h("p", { dir: "auto" }, taken.flatMap((row, index) => (index ? [h("br"), ...inlineMarkdown(row)] : inlineMarkdown(row)))));
    }
  }
  return nodes;
}

