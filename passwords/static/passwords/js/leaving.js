// Remove secrets when the page is left, so that the browser's back/forward cache has none.
import { find, words } from "./page.js";

addEventListener("pagehide", () => {
  find("secret").textContent = "";
  find("announcer").textContent = "";
  find("qr-code").replaceChildren();
  for (const value of document.querySelectorAll(".recent-value")) value.textContent = "";
});

addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(words.home);
});
