// What a visitor prefers: the theme, and single-key shortcuts or none.
import { find, storage } from "./page.js";

// Shortcuts can be switched off (WCAG 2.2, success criterion 2.1.4).
const help = find("help");
const switched = find("shortcuts");
const BUTTONS = { g: "generate", c: "copy", h: "hide", q: "show-qr" };

switched.checked = storage.read("shortcuts") !== false;
switched.addEventListener("change", () => storage.write("shortcuts", switched.checked));
find("open-help").addEventListener("click", () => help.showModal());

const isWriting = (element) => element.matches?.("input:not([type=checkbox], [type=radio], [type=range]), select, textarea");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!switched.checked || isWriting(event.target) || document.querySelector("dialog[open]")) return;
  const target =
    event.key === "?"
      ? find("open-help")
      : find(BUTTONS[event.key.toLowerCase()]) ?? document.querySelectorAll(".kinds a")[Number(event.key) - 1];
  if (!target) return;
  event.preventDefault();
  target.click();
});

// Change the theme without a page load; a cookie of the server keeps it for the next page.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".themes button");
  if (!button) return;
  event.preventDefault();
  document.documentElement.dataset.theme = button.value;
  for (const other of document.querySelectorAll(".themes button")) {
    other.setAttribute("aria-pressed", other === button);
  }
  const form = button.form;
  fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" }).catch(
    () => {
      // It applies to this page only.
    },
  );
});
