// Record the draft when somebody uses it: it joins the recent secrets.
import { hideNotice } from "./copying.js";
import { replace, sendInTurn, sendNow } from "./exchanging.js";
import { hideAsBefore } from "./hiding.js";
import { announce, find, tell, words } from "./page.js";

const tokenOfPage = () => find("held").elements.draft?.value;
let sent;

async function keep() {
  const token = tokenOfPage();
  if (!token || token === sent) return;
  sent = token;
  const page = await sendNow(find("held").action, new URLSearchParams({ draft: token }));
  if (!page) {
    sent = undefined;
    return;
  }
  replace(page, ["recents"]);
  if (tokenOfPage() !== token) return; // another draft is on the page
  replace(page, ["held"]);
  find("keep-secret").remove();
  const notice = page.querySelector("#result .notice");
  if (notice) tell(notice.textContent);
}

// Show the QR code of the secret, or of a recent one.
async function showCode(form, submitter) {
  const page = await sendInTurn(submitter.formAction, new FormData(form, submitter));
  const code = page?.querySelector("svg.qr");
  if (!code) return;
  find("qr-code").replaceChildren(code);
  find("qr").showModal();
  if (form.id === "held") keep();
}

// Forget one secret or all. Where the one on the page was among them, the response has another.
async function changeShelf(form, submitter) {
  const place = [...form.querySelectorAll(".forget")].indexOf(submitter);
  const url = submitter?.getAttribute("formaction") ?? form.action;
  const page = await sendInTurn(url, new FormData(form, submitter));
  if (!page) return;
  replace(page, ["recents"]);
  const shown = find("held").elements.namedItem("item")?.value;
  if (shown && (submitter.id === "clear" || submitter.value === shown)) {
    replace(page, ["result"]);
    hideNotice();
    hideAsBefore();
  }
  const left = find("recents").querySelectorAll(".forget");
  (left[Math.min(place, left.length - 1)] ?? find("recents-title")).focus();
  announce(words.forgotten);
}

async function rename(form) {
  const page = await sendInTurn(form.action, new FormData(form));
  if (!page) return;
  replace(page, ["recents"]);
  announce(words.named);
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!["held", "shelf", "naming"].includes(form.id)) return;
  if (submitter?.matches(".link, #write-as")) return; // to a page of its own
  event.preventDefault();
  if (submitter?.matches("[formaction$='/qr']")) showCode(form, submitter);
  else if (form.id === "held") keep();
  else if (form.id === "naming") rename(form);
  else changeShelf(form, submitter);
});

document.addEventListener("giropops:copied", ({ detail }) => {
  if (["secret", "public"].includes(detail.source.id)) keep();
});

document.addEventListener("copy", () => {
  const selection = getSelection();
  if (["secret", "public"].some((id) => find(id) && selection.containsNode(find(id), true))) keep();
});

find("qr").addEventListener("close", () => find("qr-code").replaceChildren());
