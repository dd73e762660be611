// Requests without a page load: parts of the response replace parts of the page.
import { find, tell, words } from "./page.js";

const pending = new Set();
let last = Promise.resolve();

// Show that work is going on, until the returned promise has settled.
async function whileBusy(promise) {
  pending.add(promise);
  document.body.setAttribute("aria-busy", "true");
  try {
    return await promise;
  } finally {
    pending.delete(promise);
    if (!pending.size) document.body.removeAttribute("aria-busy");
  }
}

async function request(url, options) {
  try {
    const response = await fetch(url, { headers: { "X-Parts": "1" }, cache: "no-store", ...options });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok) return page;
    tell(page.getElementById("problem")?.textContent ?? words.offline);
  } catch {
    tell(words.offline);
  }
  return null;
}

// Return the page in the response; null after an error, which is shown.
export const fetchPage = (url, options) => whileBusy(request(url, options));

// Send a form at once, also if the page is left. What is sent in turn waits for the response.
export function sendNow(url, body) {
  const response = fetchPage(url, { method: "POST", body, keepalive: true });
  last = Promise.all([last, response]);
  return response;
}

// Send a form after the responses to the earlier ones, so that the last response is the newest.
export function sendInTurn(url, body) {
  const response = whileBusy(last.then(() => request(url, { method: "POST", body })));
  last = response;
  return response;
}

// Replace the parts of the page with those of the response; keep the focus and what is unfolded.
export function replace(page, parts) {
  const focused = document.activeElement?.id;
  const unfolded = [...document.querySelectorAll("details[open] [id]")].map(({ id }) => id);
  for (const id of parts) {
    const now = find(id);
    const next = page.getElementById(id);
    if (now && next && now.outerHTML !== next.outerHTML) now.replaceWith(next);
  }
  for (const id of unfolded) {
    const details = find(id)?.closest("details");
    if (details) details.open = true;
  }
  if (focused && document.activeElement?.id !== focused) find(focused)?.focus();
}
