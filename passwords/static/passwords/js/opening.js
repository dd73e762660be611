// Open a one-time link in the browser: the server gets a proof of the key, never the key.
import "./copying.js";
import { find } from "./page.js";
import { canSeal, decode, encode, idOf, keyIn, unlock, unseal } from "./sealing.js";

const form = find("open-link");
const words = find("share-words").dataset;
const problem = find("problem");
let key = null;
let isWorking = false;

function show(text) {
  problem.textContent = text;
  problem.hidden = !text;
  if (text) problem.focus();
}

function readAddress() {
  key = keyIn(location.hash);
  find("f-link").value = key ? location.href : "";
}

// From now on neither the address bar nor the history has the key.
function clearAddress() {
  history.replaceState(null, "", location.pathname);
}

// Show what the link needs. This uses no opening.
async function look() {
  readAddress();
  find("link-field").hidden = key !== null;
  find("ready").hidden = key === null;
  find("passphrase-field").hidden = key !== null;
  if (!key) {
    if (location.hash) show(words.invalid);
    return;
  }
  const response = await post(form.dataset.status, { id: encode(await idOf(key)) });
  if (response?.status === 404) end(words.gone);
  else if (response?.ok) find("passphrase-field").hidden = !response.content.passphrase;
}

// Null if no response of the app came, or only a part of one.
async function post(url, body) {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    return { ok: response.ok, status: response.status, content: await response.json() };
  } catch {
    return null;
  }
}

function end(text) {
  form.hidden = true;
  show(text);
}

async function open() {
  const wanted = key ?? keyIn(find("f-link").value);
  if (!wanted) return show(words.invalid);
  clearAddress();
  key = wanted;
  const id = encode(await idOf(wanted));
  const status = await post(form.dataset.status, { id });
  if (!status?.ok) return refuse(status);
  const needsPassphrase = status.content.passphrase;
  const passphrase = needsPassphrase ? find("f-passphrase").value : "";
  if (needsPassphrase && !passphrase) {
    find("passphrase-field").hidden = false;
    show(words.needed);
    find("f-passphrase").focus();
    return null;
  }
  const keys = await unlock(wanted, passphrase);
  const response = await post(form.dataset.open, { id, proof: encode(keys.proof) });
  if (!response?.ok) return refuse(response);
  const { sealed, views_left: left } = response.content;
  try {
    find("opened").textContent = await unseal(keys, decode(sealed));
  } catch {
    return end(words.unreadable);
  }
  show("");
  form.hidden = true;
  find("left").textContent = left ? words.more.replace("{left}", left) : words.used;
  find("result").hidden = false;
  return find("result-title").focus();
}

function refuse(response) {
  if (response?.status === 404) return end(words.gone);
  if (response?.status === 429) return show(words.busy);
  if (response?.status !== 403) return show(find("words").dataset.offline);
  const { attempts_left: left } = response.content;
  if (left === undefined) return show(find("words").dataset.offline);
  return left ? show(words.wrong.replace("{left}", left)) : end(words.gone);
}

form.addEventListener("submit", async (event) => {
  if (!canSeal) return clearAddress(); // the server opens it
  event.preventDefault();
  if (isWorking) return;
  isWorking = true;
  document.body.setAttribute("aria-busy", "true");
  await open();
  document.body.removeAttribute("aria-busy");
  isWorking = false;
});

addEventListener("pagehide", () => {
  find("opened").textContent = "";
  form.reset();
  key = null;
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (location.hash) location.reload();
  else location.replace(location.pathname); // a reload would send the form, and open the link, again
});

if (canSeal) {
  find("by-server").hidden = true;
  addEventListener("hashchange", () => {
    if (location.hash) location.reload();
  });
  if (find("result").hidden) look();
} else if (location.hash) readAddress();
