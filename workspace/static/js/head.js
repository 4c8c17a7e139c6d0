// The bar above a place: what it is, the clock, and the app's shortcuts.

import { api } from "./api.js";
import { clockButton, drawClock } from "./clock.js";
import { h, icon, iconButton, replace } from "./dom.js";
import { openDrawer } from "./drawer.js";
import { openMenu } from "./popup.js";
import { state } from "./state.js";
import { attempt, toast } from "./toast.js";
import { t } from "./words.js";

/** Draw the bar anew. */
export function head(title, extra) {
  const bolt = iconButton("bolt", t("shortcuts"), () => shortcutsMenu(bolt), { "aria-haspopup": "menu", "aria-expanded": "false" });
  replace(
    document.getElementById("head"),
    iconButton("menu", t("openMenu"), openDrawer, { class: "icon-button only-narrow", id: "open-side", "aria-controls": "side-wrap", "aria-expanded": "false" }),
    h("div", { class: "head-title" }, title, extra),
    h("div", { class: "head-tools" }, clockButton, bolt),
  );
  drawClock();
}

function shortcutsMenu(anchor) {
  const offered = state.shortcuts.filter((one) => one.type === "global");
  const items = offered.map((one) => ({
    label: one.name,
    description: one.description,
    before: icon("bolt"),
    run: () => {
      toast(t("opening"));
      attempt(() => api.shortcut({ callback_id: one.callback_id }));
    },
  }));
  openMenu(anchor, [{ heading: t("shortcuts") }, ...(items.length ? items : [{ note: t("noShortcuts") }])], { label: t("shortcuts"), end: true });
}
