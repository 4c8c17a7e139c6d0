// The workspace's clock: what time it is there, and how to move ahead.

import { api } from "./api.js";
import { dayTime, full, fromWall, now, setOffset, span, time, toWall, zoneName } from "./dates.js";
import { h, icon, replace, uid } from "./dom.js";
import { openPanel } from "./popup.js";
import { attempt, toast } from "./toast.js";
import { t } from "./words.js";

const TICK_MS = 5000;
let reading = { offset_seconds: 0, next_due: null };
let learned = 0; // how many readings came
let panel = null;
let drawn = "";

export const clockButton = h("button", { type: "button", class: "clock", id: "clock", "aria-haspopup": "dialog", "aria-expanded": "false", on: { click: open } });

export function learnClock(answer) {
  if (!answer) return;
  learned += 1;
  reading = answer;
  setOffset(Number(answer.offset_seconds) || 0);
  drawClock();
}

export async function readClock() {
  const before = learned;
  const answer = await api.clock();
  if (learned === before) learnClock(answer); // the stream may have told something newer meanwhile
}

export function drawClock() {
  const text = dayTime(now());
  clockButton.setAttribute("aria-label", t("clockOpen", { time: full(now()) }));
  clockButton.title = t("clock");
  replace(clockButton, icon("clock"), h("span", { class: "clock-long" }, text), h("span", { class: "clock-short" }, time(now())));
  clockButton.classList.toggle("ahead", reading.offset_seconds >= 60);
  const print = JSON.stringify([text, reading]);
  if (panel?.isConnected && print !== drawn) drawPanel();
  drawn = print;
}
setInterval(drawClock, TICK_MS);

async function move(body) {
  const answer = await attempt(() => api.moveClock(body));
  if (!answer) return;
  learnClock(answer);
  toast(t("clockMoved", { when: full(now()) }));
}

let busy = false;
const moving = (body) => async () => {
  if (busy) return;
  busy = true;
  await move(body);
  busy = false;
};

function drawPanel() {
  const inside = panel.firstElementChild;
  const focused = document.activeElement?.dataset?.clock;
  const typed = inside.querySelector("input")?.value;
  const next = reading.next_due ? new Date(reading.next_due) : null;
  const offset = Number(reading.offset_seconds) || 0;
  const field = uid("clock");
  const problem = h("p", { class: "field-error", id: `${field}-error`, role: "alert" });
  const date = h("input", { id: field, type: "datetime-local", class: "input", "aria-describedby": problem.id, data: { clock: "date" }, value: typed ?? toWall(now()) });
  const go = () => {
    const to = fromWall(date.value);
    if (!to || to <= now()) {
      problem.textContent = t("onlyAhead");
      date.setAttribute("aria-invalid", "true");
      date.focus();
      return;
    }
    moving({ to: to.toISOString() })();
  };
  const nextId = uid("next");
  replace(
    inside,
    h("h2", { class: "panel-title" }, t("clock")),
    h("p", { class: "clock-now" }, h("time", { datetime: now().toISOString() }, full(now()))),
    h("p", { class: "clock-offset" }, `${zoneName()} · ${offset >= 60 ? t("clockAhead", { span: span(offset) }) : t("clockReal")}`),
    h(
      "button",
      { type: "button", class: "button button-primary wide", "aria-disabled": next ? null : "true", "aria-describedby": nextId, data: { clock: "next" }, on: { click: () => next && moving({ next: true })() } },
      icon("skip"),
      t("skipNext"),
    ),
    h("p", { class: "hint", id: nextId }, next ? t("nextDue", { when: full(next) }) : t("noNextDue")),
    h(
      "div",
      { class: "clock-steps" },
      h("button", { type: "button", class: "button", data: { clock: "hour" }, on: { click: moving({ advance_seconds: 3600 }) } }, t("plusHour")),
      h("button", { type: "button", class: "button", data: { clock: "day" }, on: { click: moving({ advance_seconds: 86400 }) } }, t("plusDay")),
    ),
    h(
      "form",
      { class: "clock-date", novalidate: true, on: { submit: (event) => (event.preventDefault(), go()) } },
      h("label", { class: "field-label", for: field }, t("toDate")),
      h("div", { class: "clock-date-row" }, date, h("button", { type: "submit", class: "button", data: { clock: "go" } }, t("go"))),
      problem,
    ),
  );
  if (focused) inside.querySelector(`[data-clock='${focused}']`)?.focus();
}

async function open() {
  panel = openPanel(clockButton, h("div", { class: "clock-panel" }), { label: t("clock"), end: true, className: "panel" });
  if (!panel) return;
  drawPanel();
  panel.querySelector("button").focus();
  await attempt(readClock);
}
