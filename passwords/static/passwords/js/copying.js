// Copy, and clear the clipboard later if the browser allows it.
import { find, hush, retell, tell, words } from "./page.js";

const CLEAR_AFTER_SECONDS = 30;
const keep = find("keep");
let clearing = null;

function stopClearing() {
  clearInterval(clearing?.ticking);
  clearing = null;
  keep.hidden = true;
}

// The clipboard may hold something else by now; that can be known only if it may be read.
async function holdsStill(secret) {
  try {
    const permission = await navigator.permissions.query({ name: "clipboard-read" });
    if (permission.state !== "granted") return true;
    return (await navigator.clipboard.readText()) === secret;
  } catch {
    return true;
  }
}

async function clear() {
  const { secret } = clearing;
  stopClearing();
  try {
    if (await holdsStill(secret)) await navigator.clipboard.writeText("");
    tell(words.cleared);
  } catch {
    // Only the page in front may write: try again when this page is in front.
    hush();
    addEventListener("focus", () => navigator.clipboard.writeText("").catch(() => {}), { once: true });
  }
}

function startClearing(secret) {
  let left = CLEAR_AFTER_SECONDS;
  const text = () => words.clearing.replace("{seconds}", left);
  tell(text(), CLEAR_AFTER_SECONDS + 2);
  keep.hidden = false;
  const ticking = setInterval(() => {
    left -= 1;
    if (left > 0) retell(text());
    else clear();
  }, 1000);
  clearing = { secret, ticking };
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

export async function copy(source, button) {
  const secret = source?.textContent;
  if (!secret) return;
  stopClearing();
  try {
    await navigator.clipboard.writeText(secret);
    startClearing(secret);
  } catch {
    if (!copyByCommand(secret)) {
      getSelection().selectAllChildren(source);
      tell(words.byHand);
      return;
    }
    button?.focus();
    tell(words.lasting, 10);
  }
  button?.classList.add("done");
  setTimeout(() => button?.classList.remove("done"), 1500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(find(button.dataset.copy), button);
});

keep.addEventListener("click", () => {
  stopClearing();
  tell(words.kept);
});
