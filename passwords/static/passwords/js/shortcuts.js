// Single-key shortcuts, which can be switched off (WCAG 2.2, success criterion 2.1.4).
import { find, storage } from "./page.js";

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
