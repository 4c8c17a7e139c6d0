// Short notices at the foot of the window. Errors stay until they are dismissed; the rest goes by itself.

import { announce, h, iconButton, icon } from "./dom.js";
import { t } from "./words.js";

const SHOWN_MS = 6000;

export function toast(sentence, { error = false } = {}) {
  // A modal dialog covers everything that is not inside it: the notice goes where it can be seen and reached.
  const open = [...document.querySelectorAll("dialog[open]")].pop();
  const shelf = open ? (open.querySelector(".toasts") ?? open.appendChild(h("div", { class: "toasts" }))) : document.getElementById("toasts");
  for (const old of shelf.children) if (old.dataset.text === sentence) old.remove();
  const note = h(
    "div",
    { class: `toast ${error ? "toast-error" : ""}`, data: { text: sentence } },
    icon(error ? "warn" : "check"),
    h("p", {}, sentence),
    iconButton("close", t("dismiss"), () => note.remove()),
  );
  shelf.append(note);
  while (shelf.childElementCount > 3) shelf.firstElementChild.remove();
  announce(sentence, error);
  if (!error) setTimeout(() => note.remove(), SHOWN_MS);
}

/** Runs a call; what goes wrong becomes a notice. Returns its answer, or undefined when it failed. */
export async function attempt(work) {
  try {
    return await work();
  } catch (problem) {
    if (!problem.sentence) throw problem;
    toast(problem.sentence, { error: true });
    return undefined;
  }
}
