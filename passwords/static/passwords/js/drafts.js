// A new secret whenever the recipe changes. It is a draft: the server records it when it is used.
import { hideNotice } from "./copying.js";
import { fetchPage, replace } from "./exchanging.js";
import { hideAsBefore, isHidden } from "./hiding.js";
import { announce, find, storage, words } from "./page.js";

const PAUSE_MS = 80; // while somebody drags or types
const RECIPES = "recipes.2"; // the query of the last recipe of each kind; never a secret
let waiting;
let next = null;
let drawing = false;

// Draw a secret from the recipe in the query. One request is sent at a time; the last change wins.
//   withForm: the recipe's form is not on the page yet.
//   asked: somebody asked for a secret, rather than changed a field.
async function draw(query, { withForm = false, asked = false } = {}) {
  clearTimeout(waiting);
  next = { query: String(query), withForm, asked };
  if (drawing) return;
  drawing = true;
  while (next) {
    const wanted = next;
    next = null;
    const page = await fetchPage(`${words.home}?${wanted.query}`);
    if (!next) show(page, wanted);
  }
  drawing = false;
}

function show(page, { withForm, asked }) {
  hideNotice();
  if (!page) {
    clearResult();
    return;
  }
  const isFaulty = page.getElementById("problems") !== null;
  replace(page, ["result", "strength"]);
  if (withForm || (isFaulty && asked)) replace(page, ["kinds", "presets", "recipe-form"]);
  else markFault();
  hideAsBefore();
  if (isFaulty) {
    if (asked) find("problems").focus();
    return;
  }
  keepAddress();
  showLength(page);
  const text = isHidden() ? words.made : `${words.new} ${find("secret").textContent}`;
  announce(asked ? text : find("result").querySelector(".verdict").textContent);
  if (asked) find("result").scrollIntoView({ block: "nearest" });
}

// Remove the secret: the recipe beside it may have changed.
export function clearResult() {
  find("secret").textContent = "";
  find("held").replaceChildren();
  for (const part of find("result").querySelectorAll(".verdict, .public, #keep-secret")) part.remove();
  for (const id of ["copy", "write-as", "hide", "show-qr"]) find(id).disabled = true;
  find("uses").hidden = true;
  hideAsBefore();
}

// The address, and what returns to it, have the recipe of the secret.
function keepAddress() {
  const { query } = find("result").dataset;
  history.replaceState(null, "", `${words.home}?${query}`);
  document.querySelector(".switches").elements.query.value = query;
  find("shelf").elements.query.value = query;
  if (query.startsWith("policy=")) return;
  const kind = find("recipe-form").elements.kind.value;
  storage.write(RECIPES, { ...storage.read(RECIPES), [kind]: query, last: kind });
}

// A site's rule may have set the length.
function showLength(page) {
  const length = find("f-length");
  if (!find("f-passwordrules")?.value || length === document.activeElement) return;
  length.value = page.getElementById("f-length").value;
  length.parentElement.querySelector(".slider").value = length.value;
}

// Return the query of the last recipe of a kind.
const recall = (kind) => storage.read(RECIPES)?.[kind];

// The form stays as it is being edited: put each error of the summary beside its field.
function markFault() {
  const form = find("recipe-form");
  for (const error of form.querySelectorAll(".error")) error.remove();
  for (const field of form.querySelectorAll("[aria-describedby^='e-']")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  for (const link of document.querySelectorAll("#problems a")) {
    const field = find(link.hash.slice(1));
    const error = document.createElement("p");
    error.className = "error";
    error.id = field.id.replace("f-", "e-");
    error.textContent = link.nextElementSibling.textContent;
    field.closest(".field, .flag, fieldset").append(error);
    field.setAttribute("aria-describedby", error.id);
    if (field.localName !== "fieldset") field.setAttribute("aria-invalid", "true");
  }
}

function queryOf(form, submitter) {
  const fields = new FormData(form, submitter);
  fields.delete("request_id");
  return new URLSearchParams(fields);
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest?.("#recipe-form");
  if (!form) return;
  if (target.classList.contains("slider")) find(target.dataset.for).value = target.value;
  else if (target.type === "number") {
    const slider = target.parentElement.querySelector(".slider");
    if (slider) slider.value = target.value || target.placeholder;
  }
  for (const chip of document.querySelectorAll(".chips [aria-pressed]")) chip.removeAttribute("aria-pressed");
  find("preset-description")?.remove();
  clearTimeout(waiting);
  const pause = target.matches("[type=range], [type=number], [type=text]") ? PAUSE_MS : 0;
  waiting = setTimeout(() => draw(queryOf(form)), pause);
});

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!["recipe-form", "presets", "again"].includes(form.id)) return;
  event.preventDefault();
  draw(queryOf(form, submitter), { withForm: form.id !== "recipe-form", asked: true });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".kinds a, #reset, .examples a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const recipe = link.search.slice(1);
  const known = link.closest(".kinds") && recall(new URLSearchParams(recipe).get("kind"));
  draw(known ?? recipe, { withForm: true, asked: true });
});

// A page that is left keeps no secret, so that the browser's back/forward cache has none.
addEventListener("pagehide", () => {
  clearResult();
  find("announcer").textContent = "";
  find("qr-code").replaceChildren();
  for (const value of document.querySelectorAll(".recent-value")) value.textContent = "";
});

addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(`${words.home}?${find("result").dataset.query}`);
});

// A page without a recipe in its address starts with the last one.
const last = recall(recall("last"));
const isUnused = find("held").elements.draft;
if (!location.search && isUnused && last && last !== find("result").dataset.query) {
  draw(last, { withForm: true });
}
