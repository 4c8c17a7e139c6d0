// What a surface (a message, a modal, the Home) holds while somebody fills it in.

import { n } from "./words.js";

/** A field: {blockId, actionId, get(), raw?(), focus(), check?(), showError(text or null), isInput}. */
export class Form {
  constructor(kept = new Map()) {
    this.fields = [];
    this.kept = kept;
  }

  add(field) {
    this.fields.push(field);
  }

  /** What was entered before a redraw, when the same field was there, else undefined. */
  before(blockId, actionId) {
    return this.kept.get(`${blockId}\n${actionId}`);
  }

  /** Everything as it stands, to be restored after a redraw. */
  keep() {
    return new Map(this.fields.map((field) => [`${field.blockId}\n${field.actionId}`, (field.raw ?? field.get)()]));
  }

  /** Values by block as the workspace wants them; several fields of one block come by action. */
  values() {
    const blocks = new Map();
    for (const field of this.fields) {
      if (!blocks.has(field.blockId)) blocks.set(field.blockId, []);
      blocks.get(field.blockId).push(field);
    }
    const values = {};
    for (const [blockId, fields] of blocks) {
      values[blockId] =
        fields.length === 1 ? fields[0].get() : Object.fromEntries(fields.map((field) => [field.actionId, field.get()]));
    }
    return values;
  }

  clearErrors() {
    for (const field of this.fields) field.showError?.(null);
  }

  /** Checks what a client checks before it sends; returns whether all is well. */
  check() {
    this.clearErrors();
    const wrong = this.fields.filter((field) => {
      const problem = field.isInput ? field.check?.() : null;
      if (problem) field.showError(problem);
      return Boolean(problem);
    });
    wrong[0]?.focus();
    return { ok: wrong.length === 0, sentence: n("fixFields", wrong.length) };
  }

  /** Shows the bot's errors at their fields; returns those whose field is not there. */
  showErrors(errors) {
    const lost = [];
    let first = null;
    for (const [blockId, text] of Object.entries(errors)) {
      const field = this.fields.find((one) => one.blockId === blockId);
      if (field?.showError) {
        field.showError(text);
        first ??= field;
      } else lost.push(text);
    }
    first?.focus();
    return lost;
  }
}
