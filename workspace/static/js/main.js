// The page put together: who acts, where they look, what is read when.

import { actAs, api } from "./api.js";
import { learnClock, readClock } from "./clock.js";
import { composer } from "./composer.js";
import { setZone } from "./dates.js";
import { h, icon, iconButton, replace } from "./dom.js";
import { closeDrawer } from "./drawer.js";
import { head } from "./head.js";
import { Home } from "./home.js";
import { MessageList } from "./messagelist.js";
import { forgetModal, refreshModal } from "./modal.js";
import { avatar, bot, channels, humans, learnChannels, learnPeople, people } from "./people.js";
import { arrowKeys, drawSidebar, nameOf, otherOf } from "./sidebar.js";
import { conversation, current, oneAtATime, state } from "./state.js";
import { follow } from "./stream.js";
import { attempt, toast } from "./toast.js";
import { setLanguage, t } from "./words.js";

const at = (id) => document.getElementById(id);
const home = new Home();
let list = null;
let threadList = null;
let writing = null;
let stopStream = null;

// ---- reading

const readConversations = oneAtATime(async () => {
  state.conversations = await api.conversations();
  learnChannels(state.conversations);
  drawSide();
});

const readMessages = oneAtATime(async () => {
  const here = current();
  if (!here || !list) return;
  const me = state.me.id;
  const messages = (await api.messages(here.id)).filter((one) => !one.thread_ts || one.thread_ts === one.ts || one.subtype === "thread_broadcast");
  if (current()?.id === here.id && state.me.id === me) list.show(`${me}/${here.id}`, here.id, messages);
});

const readThread = oneAtATime(async () => {
  const here = current();
  const root = state.thread;
  if (!here || !root || !threadList) return;
  const messages = await api.messages(here.id, root);
  if (state.thread !== root || current()?.id !== here.id) return;
  threadList.show(`${state.me.id}/${here.id}/${root}`, here.id, messages.map((one) => ({ ...one, inThread: one.ts !== root })));
});

async function readEverything() {
  learnPeople(await api.people());
  const offered = await api.shortcuts();
  state.commands = offered.commands ?? [];
  state.shortcuts = offered.shortcuts ?? [];
  await Promise.all([readConversations(), readClock()]);
  await Promise.all([readMessages(), readThread(), refreshModal()]);
  if (state.place.kind === "home") await home.refresh();
}

// ---- drawing

const drawSide = () => drawSidebar(at("side"), { go, goHome, switchTo });

function drawPlace() {
  const pane = at("pane");
  closeThread(false);
  writing = null;
  if (state.place.kind === "home") {
    list = null;
    const title = t("homeOf", { bot: bot.name });
    document.title = `${title} – ${t("appName")}`;
    head([avatar(bot.id, "avatar-small"), h("h1", {}, title)]);
    replace(pane, home.node);
    return;
  }
  const here = current();
  const name = nameOf(here);
  const other = otherOf(here);
  document.title = `${name} – ${t("appName")}`;
  head([here.kind === "im" ? avatar(other, "avatar-small") : icon("hash"), h("h1", { dir: "auto" }, here.kind === "im" ? name : here.name)], [
    people.get(other)?.is_bot ? h("span", { class: "badge" }, t("app")) : null,
    here.purpose ? h("p", { class: "topic", dir: "auto", title: here.purpose }, here.purpose) : null,
  ]);
  list = new MessageList({
    label: t("conversation"),
    openThread,
    empty: () => (here.kind === "im" ? t("emptyDm", { name }) : t("emptyChannel")),
  });
  if (here.is_member || here.kind === "im") {
    writing = composer({ label: t("messageTo", { name }), where: () => ({ channel: here.id }), sent: () => list?.toEnd() });
    replace(pane, list.node, writing.node);
  } else {
    const join = h("button", { type: "button", class: "button button-primary", on: { click: () => joinChannel(here) } }, t("join", { name }));
    replace(pane, list.node, h("div", { class: "join-bar" }, h("p", {}, t("joinHint", { name })), join));
  }
}

async function joinChannel(channel) {
  await attempt(() => api.join(channel.id));
  await readConversations();
  drawPlace();
  await readMessages();
  writing?.focus();
}

// ---- threads

function openThread(ts) {
  const here = current();
  const opener = document.activeElement;
  state.thread = ts;
  remember();
  threadList = new MessageList({ label: t("thread") });
  const write = composer({ label: t("replyTo"), where: () => ({ channel: here.id, thread_ts: ts }), sent: () => threadList?.toEnd() });
  const panel = at("thread");
  replace(
    panel,
    h(
      "div",
      { class: "head" },
      h("div", { class: "head-title" }, h("h2", { id: "thread-title" }, t("thread")), h("p", { class: "topic", dir: "auto" }, nameOf(here))),
      iconButton("close", t("closeThread"), () => closeThread(true)),
    ),
    threadList.node,
    here.is_member || here.kind === "im" ? write.node : null,
  );
  panel.hidden = false;
  panel.opener = opener;
  document.body.classList.add("with-thread");
  write.focus();
  return attempt(readThread);
}

function closeThread(giveBack) {
  const panel = at("thread");
  if (panel.hidden) return;
  state.thread = null;
  threadList = null;
  panel.hidden = true;
  replace(panel);
  document.body.classList.remove("with-thread");
  if (!giveBack) return;
  remember();
  if (panel.opener?.isConnected) panel.opener.focus();
  else writing?.focus();
}

// ---- going about

const slug = (one) => (one.kind === "im" ? `@${people.get(otherOf(one))?.name ?? one.id}` : one.name);

/** The address says who acts and where they look, so that a reload or a link comes back here. */
function remember() {
  const where = state.place.kind === "home" ? "home" : slug(current());
  const hash = `#/${state.me.name}/${encodeURIComponent(where)}${state.thread ? `/${state.thread}` : ""}`;
  if (location.hash !== hash) history.pushState(null, "", hash);
}

function placeFrom(text) {
  const where = decodeURIComponent(text || "home");
  const found = state.conversations.find((one) => slug(one) === where || one.id === where);
  return found ? { kind: "conversation", id: found.id } : { kind: "home" };
}

/** Each change of place gives up those still under way: what they read comes too late to be shown. */
let visits = 0;

async function go(id, thread = null) {
  if (!conversation(id)) return;
  const visit = ++visits;
  state.place = { kind: "conversation", id };
  closeDrawer();
  drawPlace();
  remember();
  drawSide();
  await attempt(readMessages);
  if (visit !== visits) return;
  if (thread) await openThread(thread);
  else if (!matchMedia("(hover: none)").matches) writing?.focus();
  await attempt(readConversations);
}

async function goHome() {
  visits += 1;
  state.place = { kind: "home" };
  closeDrawer();
  drawPlace();
  remember();
  drawSide();
  home.open(); // says itself what went wrong; nobody else waits for the bot
}

const visitPlace = (place, thread) => (place.kind === "home" ? goHome() : go(place.id, thread));

async function switchTo(person, place = null, thread = null) {
  const visit = ++visits;
  stopStream?.();
  forgetModal();
  home.forget();
  closeThread(false);
  state.me = person;
  actAs(person.id);
  setLanguage(person.locale);
  setZone(person.tz);
  frame();
  stopStream = follow(api.streamUrl(), { event: changed, lost, back });
  const apart = Promise.all([readClock(), refreshModal()]);
  await readConversations();
  if (visit === visits) await visitPlace(place === null && current() ? state.place : placeFrom(place), thread);
  await apart;
  if (place === null && state.me === person) at("persona")?.focus();
}

/** Where the address leads: back and forward, a link, a reload. */
function fromAddress() {
  const [, name, place, thread] = location.hash.split("/");
  const person = humans().find((one) => one.name === decodeURIComponent(name ?? "")) ?? humans()[0];
  if (person.id === state.me?.id) return visitPlace(placeFrom(place), thread ?? null);
  return switchTo(person, place ?? "home", thread ?? null);
}

// ---- what changes meanwhile

function changed(kind, data) {
  if (kind === "view") attempt(refreshModal);
  else if (kind === "home") state.place.kind === "home" && attempt(() => home.refresh());
  else if (kind === "clock") learnClock(data);
  else if (kind === "people") attempt(async () => learnPeople(await api.people()));
  else attempt(() => newsIn(data.channel));
}

async function newsIn(channel) {
  if (!channel || channel === state.place.id) await Promise.all([readMessages(), readThread()]);
  await readConversations();
}

const banner = (sentence) => {
  at("banner").hidden = !sentence;
  replace(at("banner"), sentence ? [h("span", { class: "spinner" }), sentence] : []);
};
const lost = () => banner(t("offline"));
async function back() {
  await attempt(async () => {
    await readEverything();
    banner("");
    toast(t("backOnline"));
  });
}

/** The words around everything, drawn again when the language changes. */
function frame() {
  at("skip").textContent = t("skipToMessages");
  replace(at("brand-text"), h("strong", {}, bot.name), h("span", {}, t("localWorkspace")));
  replace(at("close-side"), icon("close"));
  at("close-side").setAttribute("aria-label", t("closeMenu"));
  at("thread").setAttribute("aria-label", t("thread"));
  at("side-wrap").setAttribute("aria-label", t("sideBar"));
}

async function start() {
  setLanguage(navigator.language);
  at("close-side").addEventListener("click", closeDrawer);
  at("shade").addEventListener("click", closeDrawer);
  at("side").addEventListener("keydown", arrowKeys);
  at("skip").addEventListener("click", (event) => {
    event.preventDefault();
    (at("pane").querySelector(".message[tabindex='0']") ?? at("pane").querySelector(".scroller"))?.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], :popover-open")) return;
    if (document.body.classList.contains("with-drawer")) closeDrawer();
    else closeThread(true);
  });
  document.addEventListener("praxis:go", (event) => channels.has(event.detail.channel) && go(event.detail.channel));
  window.addEventListener("popstate", () => fromAddress());
  try {
    learnPeople(await api.people());
    const offered = await api.shortcuts();
    state.commands = offered.commands ?? [];
    state.shortcuts = offered.shortcuts ?? [];
    await fromAddress();
    document.body.dataset.ready = "true";
  } catch (problem) {
    if (!problem.sentence) throw problem;
    banner(problem.sentence);
    setTimeout(() => location.reload(), 4000);
  }
}

start();
