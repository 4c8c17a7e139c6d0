// Images and files. The page loads nothing from outside the workspace: an outside image is a card that opens it.

import { h, icon } from "./dom.js";
import { asString, safeUrl } from "./mrkdwn.js";
import { intlLocale, t } from "./words.js";

const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** The path of an address that this workspace serves, else null. */
export function ownPath(address) {
  if (!address) return null;
  try {
    const url = new URL(address, location.href);
    const mine = url.origin === location.origin || (LOOPBACK.includes(url.hostname) && url.port === location.port);
    return mine ? url.pathname + url.search : null;
  } catch {
    return null;
  }
}

/** An image block or element, with its alternative text always there. */
export function image(block, { small = false } = {}) {
  const address = block.image_url ?? block.slack_file?.url ?? block.slack_file?.url_private;
  const path = ownPath(address);
  const alt = block.alt_text ?? "";
  if (path) return h("img", { class: small ? "image-small" : "image", src: path, alt, loading: "lazy", decoding: "async" });
  const url = safeUrl(address ?? "");
  const label = h("span", { class: "outside-label" }, h("strong", { dir: "auto" }, alt || t("image")), url && h("span", {}, t("outsideImage", { host: url.host })));
  if (small) return h("span", { class: "image-small outside-small", role: "img", "aria-label": alt || t("image"), title: alt }, icon("image"));
  if (!url) return h("span", { class: "outside" }, icon("image"), label);
  return h("a", { class: "outside", href: url.href, target: "_blank", rel: "noopener noreferrer" }, icon("image"), label);
}

export const imageBlock = (block) =>
  h("figure", { class: "figure" }, block.title ? h("figcaption", { dir: "auto" }, asString(block.title)) : null, image(block));

function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let amount = Number(bytes) || 0;
  let at = 0;
  while (amount >= 1000 && at < units.length - 1) {
    amount /= 1000;
    at += 1;
  }
  return new Intl.NumberFormat(intlLocale(), { style: "unit", unit: units[at], unitDisplay: "short", maximumFractionDigits: amount < 10 && at ? 1 : 0 }).format(amount);
}

/** A file of a message: an image is shown, anything else is a card that opens it. */
export function file(one) {
  const path = ownPath(one.url_private ?? one.permalink);
  const name = one.title || one.name || one.id;
  if (path && String(one.mimetype).startsWith("image/")) {
    return h(
      "figure",
      { class: "figure" },
      h("figcaption", { dir: "auto" }, name),
      h("a", { href: path, target: "_blank", rel: "noopener" }, h("img", { class: "image", src: path, alt: one.alt_txt || name, loading: "lazy" })),
    );
  }
  const inside = [icon("file"), h("span", { class: "file-text" }, h("strong", { dir: "auto" }, name), h("span", {}, one.size ? size(one.size) : ""))];
  return path ? h("a", { class: "file-card", href: path, target: "_blank", rel: "noopener" }, inside) : h("span", { class: "file-card" }, inside);
}
