// Copy, and clear the clipboard later where the browser allows it.
import { announce, find, words } from "./page.js";

// After one of these the clipboard may hold something else: something copied in another program,
// from a menu or by hand.
const DISTURBANCES = ["blur", "visibilitychange", "contextmenu", "copy", "cut"];
const notice = find("clipboard");
const [keep, clearNow, close] = notice.querySelectorAll("button");
let waiting = null;

function show(text, choice) {
  const focused = notice.contains(document.activeElement);
  notice.firstElementChild.textContent = text;
  keep.hidden = choice !== keep;
  clearNow.hidden = choice !== clearNow;
  if (!notice.isConnected) find("result").after(notice);
  notice.hidden = false;
  if (focused) close.focus();
  announce(text);
}

// What the notice says of a copied secret must not stand beside another secret.
export function hideNotice() {
  notice.hidden = true;
}

function stopWaiting() {
  waiting?.abort();
  waiting = null;
}

// Firefox and Safari have no such permission.
async function mayRead() {
  try {
    return (await navigator.permissions.query({ name: "clipboard-read" })).state === "granted";
  } catch {
    return false;
  }
}

async function clear(secret, readable, signal) {
  try {
    const isOurs = !readable || (await navigator.clipboard.readText()) === secret;
    if (signal.aborted) return;
    if (isOurs) await navigator.clipboard.writeText("");
  } catch {
    // Without a click or key press, or while another window is in front, it is refused: the next
    // click or key press tries again.
    return;
  }
  if (signal.aborted) return;
  stopWaiting();
  show(words.cleared);
}

// The listeners are on the window, so that a press of Copy or Keep is handled before it gets there.
function clearLater(secret, readable) {
  waiting = new AbortController();
  const { signal } = waiting;
  const tryToClear = () => clear(secret, readable, signal);
  const timer = setTimeout(() => {
    tryToClear();
    addEventListener("click", tryToClear, { signal });
    addEventListener("focus", tryToClear, { signal });
    addEventListener("keydown", (event) => {
      // A copy or paste by keys must not meet the clearing.
      if (!event.ctrlKey && !event.metaKey && !event.altKey) tryToClear();
    }, { signal });
  }, notice.dataset.seconds * 1000);
  signal.addEventListener("abort", () => clearTimeout(timer));
  show(words.clearing.replace("{seconds}", notice.dataset.seconds), keep);
  if (readable) return;
  for (const type of DISTURBANCES) addEventListener(type, leaveToVisitor, { signal });
}

function leaveToVisitor() {
  stopWaiting();
  show(words.yourself, clearNow);
}

// Without a secure context there is no navigator.clipboard, only the old command.
function copyByCommand(secret) {
  const field = document.createElement("textarea");
  field.value = secret;
  field.className = "unseen";
  field.setAttribute("aria-hidden", "true");
  document.body.append(field);
  field.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } catch {
    // It was not copied.
  }
  field.remove();
  return copied;
}

async function copy(source, button) {
  const secret = source?.textContent;
  if (!secret) return;
  const isPublic = "public" in source.dataset;
  stopWaiting();
  (button.closest(".shelf-actions, .shelf .public") ?? find("result")).after(notice);
  try {
    const readable = mayRead();
    await navigator.clipboard.writeText(secret);
    if (isPublic) show(words.copied);
    else clearLater(secret, await readable);
  } catch {
    if (!copyByCommand(secret)) {
      getSelection().selectAllChildren(source);
      show(words.byHand);
      return;
    }
    button.focus();
    show(isPublic ? words.copied : words.lasting);
  }
  document.dispatchEvent(new CustomEvent("giropops:copied", { detail: { source } }));
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(find(button.dataset.copy), button);
});

keep.addEventListener("click", () => {
  stopWaiting();
  show(words.kept);
});

clearNow.addEventListener("click", async () => {
  await navigator.clipboard.writeText("");
  show(words.cleared);
});

close.addEventListener("click", () => {
  hideNotice();
  notice.previousElementSibling.querySelector("[data-copy]").focus();
});

// No secret stays in a page that is left: the browser may cache it.
addEventListener("pagehide", stopWaiting);
