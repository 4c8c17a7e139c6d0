// Slack's confirmation object as a dialog; resolves to whether the person agreed.

import { h, trapTab, uid } from "./dom.js";
import { asString, textObject } from "./mrkdwn.js";
import { t } from "./words.js";

export function confirmed(object, opener) {
  return new Promise((resolve) => {
    const title = uid("confirm");
    const body = uid("confirm");
    let answer = false;
    const finish = (agreed) => {
      answer = agreed;
      dialog.close();
    };
    const dialog = h(
      "dialog",
      { class: "dialog dialog-small", role: "alertdialog", "aria-labelledby": title, "aria-describedby": body },
      h("h2", { id: title, class: "dialog-title" }, asString(object.title)),
      h("div", { id: body, class: "dialog-body text" }, textObject(object.text)),
      h(
        "div",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "button", on: { click: () => finish(false) } }, asString(object.deny) || t("cancel")),
        h(
          "button",
          { type: "button", class: `button ${object.style === "danger" ? "button-danger" : "button-primary"}`, on: { click: () => finish(true) } },
          asString(object.confirm) || t("confirm"),
        ),
      ),
    );
    dialog.addEventListener("keydown", (event) => trapTab(dialog, event));
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
