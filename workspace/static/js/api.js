// The workspace's HTTP interface, as the page uses it (docs/workspace.md).

import { bot } from "./people.js";
import { t } from "./words.js";

/** A call that failed, with a sentence a person can act on. */
export class ApiError extends Error {
  constructor(code, message, status = 0) {
    super(message);
    this.code = code;
    this.status = status;
  }

  /** What to show: the page's own words where it knows the case, the workspace's where not. */
  get sentence() {
    if (this.code === "unreachable") return t("unreachable");
    if (this.code === "no_bot") return t("noBot", { bot: bot.name });
    if (this.status === 504) return t("noAnswer", { bot: bot.name });
    return t("failed", { detail: this.message });
  }
}

async function call(method, path, body, raw = false) {
  const options = { method, headers: {} };
  if (raw) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["content-type"] = "application/json";
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError("unreachable", t("unreachable"));
  }
  let data = null;
  try {
    data = await response.json();
  } catch {
    data = null; // an empty or cut body: the status decides
  }
  if (!response.ok) throw new ApiError(data?.error ?? `http_${response.status}`, data?.message ?? response.statusText, response.status);
  return data;
}

let me = "";
export const actAs = (userId) => {
  me = userId;
};
const mine = (rest) => `/people/${encodeURIComponent(me)}/${rest}`;

export const api = {
  people: () => call("GET", "/people"),
  conversations: async () => (await call("GET", mine("conversations"))).conversations,
  messages: async (channel, thread) => {
    const query = thread ? `?thread_ts=${encodeURIComponent(thread)}` : "";
    return (await call("GET", mine(`conversations/${encodeURIComponent(channel)}${query}`))).messages;
  },
  say: (body) => call("POST", mine("say"), body),
  command: (body) => call("POST", mine("command"), body),
  click: (body) => call("POST", mine("click"), body),
  submit: (body) => call("POST", mine("submit"), body),
  close: (body) => call("POST", mine("close"), body),
  openHome: () => call("POST", mine("home"), {}),
  home: async () => (await call("GET", mine("home"))).view,
  view: async () => (await call("GET", mine("view"))).view,
  shortcut: (body) => call("POST", mine("shortcut"), body),
  suggest: (body) => call("POST", mine("suggest"), body),
  react: (body) => call("POST", mine("react"), body),
  join: (channel) => call("POST", mine("join"), { channel }),
  leave: (channel) => call("POST", mine("leave"), { channel }),
  upload: async (file) => (await call("POST", mine(`upload?name=${encodeURIComponent(file.name)}`), file, true)).file,
  streamUrl: () => mine("stream"),
  shortcuts: () => call("GET", "/shortcuts"),
  clock: () => call("GET", "/clock"),
  moveClock: (body) => call("POST", "/clock", body),
};
