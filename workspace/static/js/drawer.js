// In a narrow window the side bar is a drawer: what lies under it is out of reach while it is open.

const at = (id) => document.getElementById(id);

export function openDrawer() {
  document.body.classList.add("with-drawer");
  at("open-side")?.setAttribute("aria-expanded", "true");
  at("main").inert = true;
  at("persona")?.focus();
}

/** Closes it and gives the focus back; does nothing when it is closed. */
export function closeDrawer() {
  if (!document.body.classList.contains("with-drawer")) return;
  document.body.classList.remove("with-drawer");
  at("main").inert = false;
  at("open-side")?.setAttribute("aria-expanded", "false");
  at("open-side")?.focus();
}
