// Every control has a name, every field a label, every id is there once, what refers to an id finds it,
// headings do not skip, landmarks are there. Returns what is wrong.
() => {
  const faults = [];
  const visible = (node) => node.checkVisibility({ visibilityProperty: true });
  const say = (node, what) => faults.push(`${what}: ${node.outerHTML.slice(0, 160)}`);
  const referred = (node, name) => (node.getAttribute(name) ?? "").split(/\s+/).filter(Boolean);
  const text = (ids) => ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  const nameOf = (node) => node.getAttribute("aria-label") || text(referred(node, "aria-labelledby"))
    || [...(node.labels ?? [])].map((label) => label.textContent).join(" ").trim()
    || (["INPUT", "SELECT", "TEXTAREA"].includes(node.tagName) ? "" : node.textContent.trim());
  const controls = "button, a[href], input:not([hidden]), select, textarea, [role=option], [role=menuitem], dialog, [role=dialog], [role=listbox]";
  for (const node of document.querySelectorAll(controls)) if (visible(node) && !nameOf(node)) say(node, "no name");
  for (const node of document.querySelectorAll("img:not([alt])")) say(node, "no alternative text");
  const ids = [...document.querySelectorAll("[id]")].map((node) => node.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`id twice: ${id}`);
  for (const name of ["aria-labelledby", "aria-describedby", "for", "aria-activedescendant"]) {
    for (const node of document.querySelectorAll(`[${name}]`)) {
      for (const id of referred(node, name)) if (!document.getElementById(id)) say(node, `${name} points nowhere`);
    }
  }
  let level = 0;
  const page = document.querySelector("dialog[open]") ?? document.querySelector("main");
  for (const node of page.querySelectorAll("h1, h2, h3, h4")) {
    const here = Number(node.tagName[1]);
    if (level && here > level + 2) say(node, "heading skips");
    level = here;
  }
  for (const landmark of ["main", "nav", "header, [role=banner]"]) if (!document.querySelector(landmark)) faults.push(`no ${landmark}`);
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one h1");
  return [...new Set(faults)];
}
