// Remove secrets when the page is left, so that the browser's back/forward cache has none.
import { clearResult } from "./drafts.js";
import { find, words } from "./page.js";

addEventListener("pagehide", () => {
  clearResult();
  find("announcer").textContent = "";
  find("qr-code").replaceChildren();
  for (const value of document.querySelectorAll(".recent-value")) value.textContent = "";
});

addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(`${words.home}?${find("result").dataset.query}`);
});
