// A list of messages that grows and changes in place: what did not change keeps its nodes, its focus and its place.

import { dayHeading, dayKey, fromTs } from "./dates.js";
import { announce, h, replace } from "./dom.js";
import { authorOf, follows, messageNode, spoken } from "./message.js";
import { state } from "./state.js";
import { lang, n, t } from "./words.js";

const NEAR_PX = 120;

/** `openThread(ts)` starts or shows a thread; `first` (a message's ts) marks where replies begin. */
export class MessageList {
  constructor({ label, openThread = null, empty = () => "" }) {
    this.options = { openThread, empty };
    this.drawn = new Map();
    this.place = null;
    this.list = h("ol", { class: "messages", "aria-label": label });
    this.note = h("p", { class: "empty" });
    this.more = h("button", { type: "button", class: "new-messages", hidden: true, on: { click: () => this.toEnd() } }, t("newMessages"));
    this.scroller = h("div", { class: "scroller", tabindex: "-1" }, this.note, this.list);
    this.node = h("div", { class: "message-pane" }, this.scroller, this.more);
    this.list.addEventListener("keydown", (event) => this.move(event));
    this.scroller.addEventListener("scroll", () => this.nearEnd() && (this.more.hidden = true), { passive: true });
    this.stuck = true;
    this.scroller.addEventListener("scroll", () => (this.stuck = this.nearEnd()), { passive: true });
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.list);
  }

  nearEnd() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_PX;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.more.hidden = true;
  }

  /** Up and down between messages once one of them has the focus. */
  move(event) {
    if (!event.target.classList.contains("message")) return;
    const items = [...this.list.querySelectorAll(".message")];
    const at = items.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined || !items[to]) return;
    event.preventDefault();
    items[to].focus();
    items.forEach((item, index) => item.setAttribute("tabindex", index === to ? "0" : "-1"));
  }

  /** Shows these messages of a place; another place than before starts anew at its end. */
  show(place, channel, messages) {
    const fresh = place !== this.place;
    if (fresh) {
      this.drawn.clear();
      this.place = place;
      this.stuck = true;
    }
    const stay = fresh || this.nearEnd();
    const nodes = [];
    const kept = new Map();
    let before = null;
    let arrived = null;
    for (const message of messages) {
      const day = dayKey(fromTs(message.ts));
      if (!before || dayKey(fromTs(before.ts)) !== day) nodes.push(this.divider(day, message, kept));
      if (before && !before.inThread && message.inThread) nodes.push(this.replies(messages.length - 1));
      const compact = follows(message, before) && !(before && !before.inThread && message.inThread);
      const key = `${message.ts}/${message.ephemeral ? "e" : ""}`;
      const print = JSON.stringify([lang(), state.me.id, compact, message]);
      const old = this.drawn.get(key);
      const node = old?.print === print ? old.node : messageNode(message, { channel, compact, openThread: this.options.openThread });
      if (!old && !fresh) arrived = message;
      if (old && old.node !== node) this.moveFocus(old.node, node);
      kept.set(key, { print, node });
      nodes.push(node);
      before = message;
    }
    this.drawn = kept;
    this.arrange(nodes);
    this.regainFocus();
    this.note.hidden = messages.length > 0;
    this.note.textContent = messages.length ? "" : this.options.empty();
    const items = this.list.querySelectorAll(".message");
    if (items.length && !this.list.querySelector(".message[tabindex='0']")) items[items.length - 1].setAttribute("tabindex", "0");
    if (arrived && authorOf(arrived) !== state.me.id) announce(spoken(arrived));
    if (stay || (arrived && authorOf(arrived) === state.me.id)) this.toEnd();
    else if (arrived) {
      this.more.textContent = t("newMessages");
      this.more.hidden = false;
    }
  }

  divider(day, message, kept) {
    const key = `day/${day}`;
    const print = `${lang()} ${dayHeading(fromTs(message.ts))}`;
    const old = this.drawn.get(key);
    const node = old?.print === print ? old.node : h("li", { class: "day" }, h("h3", {}, dayHeading(fromTs(message.ts))));
    kept.set(key, { print, node });
    return node;
  }

  replies(count) {
    return h("li", { class: "replies-head" }, h("span", {}, n("replies", count)));
  }

  /** Puts the nodes in order, touching only those that are not in their place. */
  arrange(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.list.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, index) => {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null);
    });
  }

  /** A redrawn message takes over the focus of what was redrawn: the same control where it is still there. */
  moveFocus(from, to) {
    const active = document.activeElement;
    if (!from.contains(active)) return;
    const controls = (node) => [...node.querySelectorAll("button, a, select, input, textarea")];
    const at = controls(from).indexOf(active);
    this.refocus = () => (controls(to)[at] ?? to).focus({ preventScroll: true });
  }

  regainFocus() {
    this.refocus?.();
    this.refocus = null;
  }

  clear(note = "") {
    this.place = null;
    this.drawn.clear();
    replace(this.list);
    this.note.hidden = !note;
    this.note.textContent = note;
  }
}
