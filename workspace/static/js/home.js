// App Home: what the bot publishes for this person.

import { api } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { h, icon, replace } from "./dom.js";
import { Form } from "./form.js";
import { bot } from "./people.js";
import { state } from "./state.js";
import { Welcome } from "./welcome.js";
import { lang, t } from "./words.js";

export class Home {
  constructor() {
    this.inside = h("div", { class: "home" });
    this.welcome = new Welcome();
    this.node = h("div", { class: "scroller home-pane", tabindex: "-1" }, this.welcome.node, this.inside);
    this.print = null;
  }

  /** Tells the bot that its Home is looked at, and shows what it publishes; says why when it does not. */
  async open() {
    const whose = state.me.id;
    this.print = null;
    this.welcome.draw();
    replace(this.inside, h("div", { class: "loading", role: "status" }, h("span", { class: "spinner" }), t("loading")));
    try {
      const early = await api.home();
      if (early && whose === state.me.id) this.show(early);
      const answer = await api.openHome();
      if (whose === state.me.id) this.show(answer?.view ?? (await api.home()));
    } catch (problem) {
      if (!problem.sentence) throw problem;
      if (this.print === null && whose === state.me.id) this.empty(problem.sentence);
    }
  }

  async refresh() {
    this.show(await api.home());
  }

  show(view) {
    if (!view?.blocks) return this.print === null ? this.empty(t("homeEmpty", { bot: bot.name })) : undefined;
    const print = JSON.stringify([lang(), state.me.id, view.id, view.blocks]);
    if (print === this.print) return undefined;
    this.print = print;
    const controls = () => [...this.inside.querySelectorAll("button, a, select, input, textarea")];
    const at = controls().indexOf(document.activeElement);
    this.form = new Form(this.form?.keep());
    const form = this.form;
    replace(
      this.inside,
      renderBlocks(view.blocks, {
        surface: "home",
        form,
        click: (body) => api.click({ home: true, values: form.values(), ...body }),
        suggest: (body) => api.suggest({ view_id: view.id, ...body }),
      }),
    );
    if (at >= 0) controls()[at]?.focus({ preventScroll: true });
    return undefined;
  }

  /** Another persona: nothing entered by the one before may remain. */
  forget() {
    this.form = null;
    this.print = null;
    replace(this.inside);
  }

  empty(sentence) {
    replace(
      this.inside,
      h("div", { class: "empty-state" }, icon("home"), h("p", {}, sentence), h("button", { type: "button", class: "button", on: { click: () => this.open() } }, t("tryAgain"))),
    );
  }
}
