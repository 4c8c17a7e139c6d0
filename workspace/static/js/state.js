// What the page knows at the moment, and where it looks: one object, changed by main.js alone.

export const state = {
  me: null, // the persona, as in GET /people
  conversations: [],
  place: { kind: "home" }, // or {kind: "conversation", id}
  thread: null, // ts of the message whose thread is open
  commands: [],
  shortcuts: [],
};

export const conversation = (id) => state.conversations.find((one) => one.id === id);
export const current = () => (state.place.kind === "conversation" ? conversation(state.place.id) : undefined);

/** Runs a task one at a time; a call while it runs makes it run once more afterwards. Returns when all of it is done. */
export function oneAtATime(task) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await task();
      } while (again);
    })().finally(() => {
      running = null;
    });
    return running;
  };
}
