// Make a one-time link in the browser: the server gets the sealed text, never its key.
import "./copying.js";
import { find, words } from "./page.js";
import { canSeal, drawKey, encode, seal, unlock, verifierOf } from "./sealing.js";

const form = find("share");
const problem = find("problem");
// Without an open API the server seals the text.
const seals = canSeal && "api" in form.dataset;
let isWorking = false;

function show(text) {
  problem.textContent = text;
  problem.hidden = !text;
  if (text) problem.focus();
}

async function send(body) {
  try {
    const response = await fetch(form.dataset.api, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.ok) return true;
    const { errors } = await response.json();
    show(Object.values(errors).flat().join(" "));
  } catch {
    show(words.offline);
  }
  return false;
}

function showPart(name, value) {
  find(`made-${name}`).textContent = value;
  find(`part-${name}`).hidden = !value;
}

async function make() {
  const { text, expires_in: expiresIn, views, passphrase: kind } = form.elements;
  const passphrase = kind.value ? form.dataset[kind.value] : "";
  const key = drawKey();
  const keys = await unlock(key, passphrase);
  const isMade = await send({
    id: encode(keys.id),
    verifier: encode(await verifierOf(keys)),
    sealed: encode(await seal(keys, text.value)),
    expires_in: Number(expiresIn.value),
    views: Number(views.value),
    passphrase: passphrase !== "",
  });
  if (!isMade) return;
  show("");
  showPart("link", `${form.dataset.open}#${encode(key)}`);
  showPart("passphrase", passphrase);
  showPart("address", form.dataset.open);
  showPart("key", encode(key));
  form.hidden = true;
  text.value = "";
  find("result").hidden = false;
  find("result-title").focus();
}

// The server must not get the link, so the browser draws the code.
async function drawCode() {
  const { correction, generate } = await import("./vendor/lean-qr.js");
  const { toSvg } = await import("./vendor/lean-qr-svg.js");
  const code = generate(find("made-link").textContent, { minCorrectionLevel: correction.M });
  const drawing = toSvg(code, document, { on: "#000", off: "#fff" });
  drawing.setAttribute("class", "qr");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", find("link-code").querySelector("summary").textContent);
  find("qr-code").replaceChildren(drawing);
}

find("link-code").addEventListener("toggle", () => {
  if (find("link-code").open && !find("qr-code").childElementCount) drawCode();
});

form.addEventListener("submit", async (event) => {
  if (!seals) return;
  event.preventDefault();
  if (isWorking) return;
  isWorking = true;
  document.body.setAttribute("aria-busy", "true");
  await make();
  document.body.removeAttribute("aria-busy");
  isWorking = false;
});

addEventListener("pagehide", () => {
  form.reset();
  form.elements.text.value = "";
  for (const name of ["link", "passphrase", "address", "key"]) find(`made-${name}`).textContent = "";
  find("qr-code").replaceChildren();
});

addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(form.action); // a reload would send the form again
});

if (seals) {
  find("by-server").hidden = true;
  find("by-browser").hidden = false;
}
