// Instants shown in the viewer's zone and language. Slack's timestamps are seconds since 1970, as text.

import { intlLocale, t } from "./words.js";

let zone = "UTC";
let offsetSeconds = 0;

export const setZone = (name) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    zone = "UTC"; // a zone this browser does not know must not stop the page
  }
};
export const setOffset = (seconds) => {
  offsetSeconds = seconds;
};
/** The workspace's now: real time plus what the clock was moved ahead. */
export const now = () => new Date(Date.now() + offsetSeconds * 1000);
export const fromTs = (ts) => new Date(Number(ts) * 1000);

const cache = new Map();
function formatter(options) {
  const key = JSON.stringify([intlLocale(), zone, options]);
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(intlLocale(), { timeZone: zone, ...options }));
  return cache.get(key);
}
/** French counts the first of a month, "1er décembre", which the browser leaves to the reader. */
const inWords = (options) => (date) =>
  formatter(options)
    .formatToParts(date)
    .map(({ type, value }) => (type === "day" && value === "1" && intlLocale().startsWith("fr") ? "1er" : value))
    .join("");
const capital = (text) => text.charAt(0).toLocaleUpperCase(intlLocale()) + text.slice(1);

export const time = (date) => formatter({ hour: "numeric", minute: "2-digit" }).format(date);
export const timeSeconds = (date) => formatter({ hour: "numeric", minute: "2-digit", second: "2-digit" }).format(date);
export const dateLong = inWords({ weekday: "long", year: "numeric", month: "long", day: "numeric" });
export const dateMedium = inWords({ year: "numeric", month: "long", day: "numeric" });
export const dateShort = inWords({ year: "numeric", month: "short", day: "numeric" });
export const full = inWords({ weekday: "long", year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" });
export const dayTime = inWords({ weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" });

/** The calendar day in a zone as YYYY-MM-DD, for comparing days. */
export function dayKey(date, timeZone = zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(date);
  const get = (type) => parts.find((part) => part.type === type).value;
  return `${get("year")}-${get("month")}-${get("day")}`;
}

function relativeDay(date) {
  const days = Math.round((Date.parse(dayKey(date)) - Date.parse(dayKey(now()))) / 86400000);
  return { 0: "today", 1: "tomorrow", [-1]: "yesterday" }[days];
}
export const dayHeading = (date) => (relativeDay(date) ? t(relativeDay(date)) : capital(dateLong(date)));

/** How long ago, or how far ahead, in words. */
export function ago(date) {
  const seconds = (date - now()) / 1000;
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const format = new Intl.RelativeTimeFormat(intlLocale(), { numeric: "auto" });
  for (const [unit, size] of units) if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  return t("justNow");
}

/** A length of time such as "2 days 3 hours". */
export function span(seconds) {
  const parts = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const words = [];
  let rest = Math.round(seconds);
  for (const [unit, size] of parts) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && words.length < 2) words.push(new Intl.NumberFormat(intlLocale(), { style: "unit", unit, unitDisplay: "long" }).format(count));
  }
  return words.join(" ");
}

/** The zone's name in the viewer's language, such as "Eastern Time". */
export function zoneName(timeZone = zone) {
  try {
    const parts = new Intl.DateTimeFormat(intlLocale(), { timeZone, timeZoneName: "longGeneric" }).formatToParts(now());
    return parts.find((part) => part.type === "timeZoneName").value;
  } catch {
    return timeZone;
  }
}

/** Slack's own tokens say AM and PM in English; the browser's "a.m." would double the full stop of a sentence. */
const asSlack = (format) => (date) => format(date).replace(/\b([ap])\.m\./, (_, half) => `${half.toUpperCase()}M`);
const pretty = (format) => (date) => (relativeDay(date) ? t(relativeDay(date)).toLocaleLowerCase(intlLocale()) : format(date));
const TOKENS = {
  date_num: (date) => dayKey(date),
  date: dateMedium,
  date_short: dateShort,
  date_long: dateLong,
  date_pretty: pretty(dateMedium),
  date_short_pretty: pretty(dateShort),
  date_long_pretty: pretty(dateLong),
  day_divider_pretty: pretty(dateLong),
  time: asSlack(time),
  time_secs: asSlack(timeSeconds),
  ago,
};

/** Slack's date tokens ("{date_long} at {time}") filled in; an unknown token means null, and the fallback is shown. */
export function fillTokens(seconds, format) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  let known = true;
  const text = format.replace(/\{(\w+)\}/g, (whole, name) => {
    if (!Object.hasOwn(TOKENS, name)) known = false;
    return known ? TOKENS[name](date) : whole;
  });
  return known ? text : null;
}

function zoneOffset(date) {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }).formatToParts(date);
  const get = (type) => Number(parts.find((part) => part.type === type).value);
  return Date.UTC(get("year"), get("month") - 1, get("day"), get("hour"), get("minute"), get("second")) - Math.floor(date.getTime() / 1000) * 1000;
}

/** "2026-12-01T09:00" on the viewer's wall to an instant. In a gap of the clock it is the instant just after. */
export function fromWall(text) {
  const wall = Date.parse(`${text}:00Z`.replace(/(T\d\d:\d\d:\d\d):00Z$/, "$1Z"));
  if (Number.isNaN(wall)) return null;
  const guess = new Date(wall - zoneOffset(new Date(wall)));
  return new Date(wall - zoneOffset(guess));
}

/** An instant as "2026-12-01T09:00" on the viewer's wall. */
export function toWall(date) {
  return new Date(date.getTime() + zoneOffset(date)).toISOString().slice(0, 16);
}
