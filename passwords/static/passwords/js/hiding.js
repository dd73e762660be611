// Show and hide the secret: somebody may be looking at the screen.
import { find, storage, words } from "./page.js";

export const isHidden = () => storage.read("hidden") === true;

// Show or hide the secret, as chosen last.
export function hideAsBefore() {
  const hidden = isHidden();
  const secret = find("secret");
  secret.hidden = hidden;
  find("mask").hidden = !hidden || !secret.textContent;
  const button = find("hide");
  const label = hidden ? words.show : words.hide;
  button.setAttribute("aria-label", label);
  button.title = label;
  const use = button.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, hidden ? "#eye-off" : "#eye"));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#hide")) return;
  storage.write("hidden", !isHidden());
  hideAsBefore();
});

hideAsBefore();
