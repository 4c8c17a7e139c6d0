// Where one writes: text, files, commands. What could not be sent stays where it was.

import { api } from "./api.js";
import { completion } from "./completion.js";
import { h, icon, iconButton, replace, uid } from "./dom.js";
import { state } from "./state.js";
import { attempt, toast } from "./toast.js";
import { t } from "./words.js";

/** `where()` is {channel, thread_ts?}; `sent` is called once a message is on its way. */
export function composer({ label, where, sent }) {
  let files = [];
  let busy = false;
  const hintId = uid("hint");
  const area = h("textarea", { class: "composer-text", rows: "1", "aria-label": label, placeholder: label, dir: "auto", "aria-describedby": hintId });
  const chips = h("ul", { class: "chips", hidden: true });
  const picker = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-label": t("attach") });
  const send = h("button", { type: "submit", class: "icon-button send", "aria-label": t("send"), title: t("send") }, icon("send"));
  const attach = iconButton("attach", t("attach"), () => picker.click());
  const node = h(
    "form",
    { class: "composer", on: { submit: (event) => (event.preventDefault(), go()) } },
    chips,
    h("div", { class: "composer-row" }, attach, area, send, picker),
    h("p", { class: "sr-only", id: hintId }, t("enterHint")),
  );
  const inThread = () => Boolean(where().thread_ts);
  const complete = completion(area, { withCommands: () => !inThread() });

  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 220)}px`;
    send.classList.toggle("ready", area.value.trim() !== "" || files.length > 0);
  };

  function drawFiles() {
    replace(
      chips,
      files.map((one) =>
        h("li", { class: "chip" }, h("bdi", {}, one.name), iconButton("close", t("removeFile", { name: one.name }), () => {
          files = files.filter((other) => other !== one);
          drawFiles();
        })),
      ),
    );
    chips.hidden = files.length === 0;
    fit();
  }

  async function runCommand(text) {
    const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
    if (inThread()) throw Object.assign(new Error(command), { sentence: t("commandInThread") });
    // Without a manifest the workspace knows no commands and takes every one.
    if (state.commands.length > 0 && !state.commands.some((one) => one.command === command)) {
      throw Object.assign(new Error(command), { sentence: t("unknownCommand", { command }) });
    }
    await api.command({ channel: where().channel, command, text: rest.trim() });
  }

  async function go() {
    const text = area.value.trim();
    if (busy || (!text && files.length === 0)) return;
    busy = true;
    node.classList.add("busy");
    complete.close();
    const holding = files;
    const typed = area.value;
    area.value = "";
    files = [];
    drawFiles();
    const work = /^\/[^\s/]/.test(text) ? () => runCommand(text) : () => api.say({ ...where(), text, ...(holding.length ? { files: holding.map((one) => one.id) } : {}) });
    const done = await attempt(async () => {
      await work();
      return true;
    });
    if (!done) {
      area.value = area.value || typed;
      files = holding;
      drawFiles();
    }
    busy = false;
    node.classList.remove("busy");
    if (done) sent?.();
  }

  area.addEventListener("input", fit);
  area.addEventListener("keydown", (event) => {
    if (complete.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      go();
    }
  });
  picker.addEventListener("change", async () => {
    const picked = [...picker.files];
    picker.value = "";
    if (picked.length) toast(t("uploading"));
    for (const one of picked) {
      const file = await attempt(() => api.upload(one));
      if (file) files.push(file);
    }
    drawFiles();
    area.focus();
  });
  return { node, area, focus: () => area.focus() };
}
