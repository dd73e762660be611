// Forms and kinds without a page load: parts of the response replace parts of the page.
import { hideNotice } from "./copying.js";
import { announce, find, tell, words } from "./page.js";
import { hideAsBefore, isHidden } from "./hiding.js";
import { measure, stopMeasuring } from "./measuring.js";
import { recallInto, remember } from "./remembering.js";

const PARTS = ["kinds", "result", "presets", "recipe-form", "strength", "recents"];
const asked = new Set();
let last = Promise.resolve();

// A new request id, so that the server draws a new secret; the id in the page is for pages without
// scripts. It names the request and is not a secret.
function newRequestId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Send one request after the other; do not send a request twice that is being sent.
async function ask(url, { body, item = "" } = {}) {
  const question = `${body ? "POST" : "GET"} ${url} ${item}`;
  if (asked.has(question)) return null;
  asked.add(question);
  document.body.setAttribute("aria-busy", "true");
  const answer = last.then(() => fetchPage(url, body));
  last = answer;
  try {
    return await answer;
  } finally {
    asked.delete(question);
    if (!asked.size) document.body.removeAttribute("aria-busy");
  }
}

async function fetchPage(url, body) {
  try {
    const response = await fetch(url, {
      method: body ? "POST" : "GET",
      body,
      headers: { "X-Parts": "1" },
      cache: "no-store",
    });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { status: response.status, page };
  } catch {
    tell(words.offline);
    return null;
  }
}

// Replace the parts of the page with those of the response, and keep the focus.
function replace(page, parts) {
  const focused = document.activeElement?.id;
  for (const id of parts) {
    const now = find(id);
    const next = page.getElementById(id);
    if (now && next && now.outerHTML !== next.outerHTML) now.replaceWith(next);
  }
  // A change of the language returns to the kind that is shown now.
  document.querySelector(".switches").elements.kind.value = find("recipe-form").elements.kind.value;
  if (focused && document.activeElement?.id !== focused) find(focused)?.focus();
}

function showProblem(answer) {
  tell(answer.page.getElementById("problem")?.textContent ?? words.offline);
}

async function generate(form, submitter) {
  stopMeasuring();
  const body = new FormData(form, submitter);
  body.set("request_id", newRequestId());
  const answer = await ask(form.action, { body });
  if (!answer) return;
  if (answer.status !== 200) {
    showProblem(answer);
    return;
  }
  if (answer.page.getElementById("problems")) {
    replace(answer.page, ["recipe-form", "strength"]);
    find("problems").focus();
    return;
  }
  const chosen = form.id === "presets";
  replace(answer.page, chosen || find("problems") ? PARTS : PARTS.filter((id) => id !== "recipe-form"));
  if (chosen) history.replaceState(null, "", form.action);
  else remember();
  hideNotice();
  hideAsBefore();
  announce(isHidden() ? words.made : `${words.new} ${find("secret").textContent}`);
  find("result").scrollIntoView({ block: "nearest" });
}

async function changeShelf(form, submitter) {
  const body = new FormData(form, submitter);
  const url = submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const answer = await ask(url, { body, item: submitter?.value });
  if (!answer) return;
  if (answer.status !== 200) {
    showProblem(answer);
    return;
  }
  const code = answer.page.querySelector("svg.qr");
  if (code) {
    find("qr-code").replaceChildren(code);
    find("qr").showModal();
    return;
  }
  replace(answer.page, ["recents"]);
  if (!find("recents").contains(document.activeElement)) find("recents-title").focus();
}

// Show the form of another kind; the last secret stays on the page.
export async function changeKind(link) {
  const answer = await ask(link.href);
  if (!answer) return;
  replace(answer.page, ["kinds", "presets", "recipe-form", "strength"]);
  history.replaceState(null, "", link.href);
  if (recallInto(find("recipe-form"))) measure();
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.id === "recipe-form" || form.id === "presets") {
    event.preventDefault();
    generate(form, submitter);
  } else if (form.id === "shelf") {
    event.preventDefault();
    changeShelf(form, submitter);
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".kinds a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  changeKind(link);
});

find("qr").addEventListener("close", () => find("qr-code").replaceChildren());
