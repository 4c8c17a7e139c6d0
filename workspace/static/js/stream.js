// What changes, as it changes. A cut stream is said aloud, tried again, and everything is read anew once it is back.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8000;
const KINDS = ["message", "message_changed", "message_deleted", "view", "home", "clock", "conversation", "people"];

/** Follows the stream at an address. Handlers: event(kind, data), lost(), back(). Returns a function that stops. */
export function follow(url, { event, lost, back }) {
  let source = null;
  let wait = FIRST_WAIT_MS;
  let cut = false;
  let timer = null;

  function connect() {
    source = new EventSource(url);
    source.addEventListener("open", () => {
      wait = FIRST_WAIT_MS;
      if (cut) back();
      cut = false;
    });
    source.addEventListener("error", () => {
      // The browser retries some failures by itself and gives up on others: doing it here makes them all alike.
      source.close();
      if (!cut) lost();
      cut = true;
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (message) => {
        let data = {};
        try {
          data = JSON.parse(message.data || "{}");
        } catch {
          data = {}; // an event without a readable body still says that something changed
        }
        event(kind, data);
      });
    }
  }
  const hurry = () => {
    if (!cut) return;
    clearTimeout(timer);
    source.close();
    wait = FIRST_WAIT_MS;
    connect();
  };
  window.addEventListener("online", hurry);
  connect();
  return () => {
    clearTimeout(timer);
    window.removeEventListener("online", hurry);
    source.close();
  };
}
