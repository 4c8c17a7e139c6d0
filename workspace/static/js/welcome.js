// What somebody who has just arrived can try, above their Home, until they have read it.

import { h, replace } from "./dom.js";
import { bot, people } from "./people.js";
import { state } from "./state.js";
import { t } from "./words.js";

const KEY = "workspace.welcomed";

// A browser may forbid storage; then the welcome comes again with the next visit.
const remembered = () => {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
};
const remember = () => {
  try {
    localStorage.setItem(KEY, "yes");
  } catch {
    // see above
  }
};

export class Welcome {
  constructor() {
    this.node = h("aside", { class: "welcome", "aria-labelledby": "welcome-title", hidden: true });
    this.read = remembered();
  }

  /** In the language of whom one acts as; gone for good once it was read. */
  draw() {
    this.node.hidden = this.read;
    if (this.read) return replace(this.node);
    const talk = `#/${state.me.name}/${encodeURIComponent(`@${people.get(bot.id)?.name}`)}`;
    return replace(
      this.node,
      h("h2", { id: "welcome-title" }, t("welcome")),
      h("p", {}, t("welcomeWhere")),
      h(
        "ol",
        {},
        h("li", {}, t("welcomeAsk"), " ", h("a", { href: talk }, t("welcomeAskLink", { bot: bot.name }))),
        h("li", {}, t("welcomePlan")),
        h("li", {}, t("welcomeBecome")),
        h("li", {}, t("welcomeClock")),
      ),
      h("button", { type: "button", class: "button", on: { click: () => this.close() } }, t("welcomeRead")),
    );
  }

  close() {
    const pane = this.node.parentElement;
    this.read = true;
    remember();
    this.draw();
    pane?.focus({ preventScroll: true });
  }
}
