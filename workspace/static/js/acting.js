// What happens when an element acts: confirm, show that it is under way, tell the bot, say when that failed.

import { confirmed } from "./confirm.js";
import { toast } from "./toast.js";

/**
 * `context` is what a surface gives its elements: {surface, form, click(body), suggest(body)}.
 * Returns whether the bot took it. A control is never disabled while it has the focus (the focus would be lost): it is
 * marked, and a second press does nothing.
 */
export async function act(context, block, element, value, control) {
  if (control.getAttribute("aria-disabled") === "true") return false;
  if (element.confirm && !(await confirmed(element.confirm, control))) return false;
  control.setAttribute("aria-disabled", "true");
  control.classList.add("busy");
  try {
    await context.click({ action_id: element.action_id, block_id: block.block_id, value });
    return true;
  } catch (problem) {
    if (!problem.sentence) throw problem;
    toast(problem.sentence, { error: true });
    return false;
  } finally {
    control.removeAttribute("aria-disabled");
    control.classList.remove("busy");
  }
}

/** Whether a change in this element is told to the bot at once: everywhere but in an input block without dispatch_action. */
export const actsAtOnce = (block) => block.type !== "input" || block.dispatch_action === true;
