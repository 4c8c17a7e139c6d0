// The modal on top of the stack: shown, updated in place, submitted, closed.

import { api } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { announce, h, icon, iconButton, replace, trapTab, uid } from "./dom.js";
import { Form } from "./form.js";
import { asString } from "./mrkdwn.js";
import { bot } from "./people.js";
import { oneAtATime } from "./state.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

let dialog = null;
let shown = null; // the view as it was drawn
let form = null;
let opener = null;
const kept = new Map(); // what was entered, per view, for coming back to it

const printOf = (view) => JSON.stringify([view.id, view.hash, view.title, view.blocks, view.submit, view.close, view.previous_view_id]);

/** Reads the top view and shows it, or takes the dialog away when there is none. */
export const refreshModal = oneAtATime(async () => show(await api.view()));

/** Takes the dialog away without a word to the bot: another persona looks now. */
export function forgetModal() {
  kept.clear();
  remove();
}

function remove() {
  shown = null;
  form = null;
  if (!dialog) return;
  const old = dialog;
  dialog = null;
  old.close();
  old.remove();
  if (opener?.isConnected) opener.focus();
  opener = null;
}

export function show(view) {
  if (!view) return remove();
  if (shown && printOf(shown) === printOf(view)) return undefined;
  if (shown && form) kept.set(shown.id, form.keep());
  const sameView = shown?.id === view.id;
  if (!dialog) {
    opener = document.activeElement;
    dialog = h("dialog", { class: "dialog modal", "aria-modal": "true" });
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close();
    });
    dialog.addEventListener("keydown", (event) => {
      trapTab(dialog, event);
      if (event.key === "Escape" && !event.defaultPrevented) {
        event.preventDefault(); // the browser would close the dialog on a second Esc without asking
        close();
      }
    });
    document.body.append(dialog);
    dialog.showModal();
  }
  draw(view, sameView);
  return undefined;
}

function draw(view, sameView) {
  const focused = sameView ? focusKey() : null;
  const scrolled = sameView ? (dialog.querySelector(".modal-body")?.scrollTop ?? 0) : 0;
  shown = view;
  form = new Form(kept.get(view.id));
  const context = {
    surface: "modal",
    form,
    click: async (body) => {
      await api.click({ view_id: view.id, values: form.values(), ...body });
      await refreshModal();
    },
    suggest: (body) => api.suggest({ view_id: view.id, ...body }),
  };
  const title = uid("modal");
  dialog.setAttribute("aria-labelledby", title);
  const back = Boolean(view.previous_view_id);
  const closeLabel = asString(view.close) || t(back ? "back" : "cancel");
  const submit = view.submit ? h("button", { type: "submit", class: "button button-primary" }, asString(view.submit) || t("submit")) : null;
  const body = h("div", { class: "modal-body", tabindex: "-1" }, renderBlocks(view.blocks, context));
  const foot = h(
    "div",
    { class: "dialog-foot" },
    h("p", { class: "modal-status", role: "status" }),
    h("button", { type: "button", class: "button", on: { click: close } }, closeLabel),
    submit,
  );
  replace(
    dialog,
    h(
      "form",
      { class: "modal-form", novalidate: true, on: { submit: (event) => (event.preventDefault(), send(view)) } },
      h(
        "div",
        { class: "dialog-head" },
        back ? iconButton("back", t("back"), close) : null,
        h("h2", { id: title, class: "dialog-title", tabindex: "-1", dir: "auto" }, asString(view.title)),
        iconButton("close", t("close"), close, { class: "icon-button dialog-close" }),
      ),
      h("div", { class: "modal-problem", role: "alert", hidden: true }),
      body,
      foot,
    ),
  );
  body.scrollTop = scrolled;
  const target = (focused && dialog.querySelector(focused)) || body.querySelector("input:not([type='file']), select, textarea") || dialog.querySelector(".dialog-title");
  target.focus({ preventScroll: sameView });
  if (!sameView) announce(asString(view.title));
}

/** Where the focus stands, as a selector that finds the same field after a redraw. */
function focusKey() {
  const box = document.activeElement?.closest?.(".input-block");
  return box ? `[data-block="${CSS.escape(box.dataset.block)}"] :is(input, select, textarea)` : null;
}

function problem(sentence) {
  const box = dialog?.querySelector(".modal-problem");
  if (!box) return;
  replace(box, sentence ? [icon("warn"), h("p", {}, sentence)] : []);
  box.hidden = !sentence;
}

function working(on) {
  if (!dialog) return;
  dialog.classList.toggle("working", on);
  dialog.setAttribute("aria-busy", String(on));
  const submit = dialog.querySelector("button[type='submit']");
  if (on) submit?.setAttribute("aria-disabled", "true");
  else submit?.removeAttribute("aria-disabled");
  submit?.classList.toggle("busy", on);
  replace(dialog.querySelector(".modal-status"), on ? t("working", { bot: bot.name }) : "");
}

async function send(view) {
  if (dialog.getAttribute("aria-busy") === "true") return;
  problem(null);
  const checked = form.check();
  if (!checked.ok) {
    problem(checked.sentence);
    document.activeElement?.closest(".input-block")?.scrollIntoView({ block: "nearest" });
    return;
  }
  working(true);
  try {
    const answer = await api.submit({ view_id: view.id, values: form.values() });
    working(false);
    if (answer.outcome === "errors") {
      const lost = form.showErrors(answer.errors ?? {});
      problem([...new Set(lost)].join(" ") || null);
      announce(Object.values(answer.errors ?? {}).join(" "), true);
    } else {
      if (answer.outcome === "pushed") kept.set(view.id, form.keep()); // for coming back
      else kept.delete(view.id);
      form = null;
      await refreshModal();
    }
  } catch (failure) {
    working(false);
    if (!failure.sentence) throw failure;
    problem(failure.sentence);
  }
}

async function close() {
  const view = shown;
  if (!view) return;
  kept.delete(view.id);
  form = null;
  try {
    await api.close({ view_id: view.id });
    await refreshModal();
  } catch (failure) {
    remove(); // a person is never held in a dialog
    if (!failure.sentence) throw failure;
    toast(failure.sentence, { error: true });
  }
}
