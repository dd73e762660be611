// Shared by the other modules: elements, messages to the visitor, storage.
export const find = (id) => document.getElementById(id);
export const words = find("words").dataset;

const toast = find("toast");
let hiding;
let before;

// Show a message for some seconds; screen readers read it.
export function tell(text) {
  clearTimeout(hiding);
  if (!toast.contains(document.activeElement)) before = document.activeElement;
  toast.firstElementChild.textContent = text;
  toast.hidden = false;
  announce(text);
  hiding = setTimeout(hush, 6000);
}

// Hide the message, unless its button has the focus.
function hush() {
  if (!toast.contains(document.activeElement)) toast.hidden = true;
}

toast.addEventListener("click", () => {
  before.focus();
  toast.hidden = true;
});

// Let screen readers read a text.
export function announce(text) {
  find("announcer").textContent = text;
}

// localStorage, which may be forbidden, full or missing.
export const storage = {
  read(name) {
    try {
      return JSON.parse(localStorage.getItem(`giropops.${name}`));
    } catch {
      return null;
    }
  },
  write(name, value) {
    try {
      localStorage.setItem(`giropops.${name}`, JSON.stringify(value));
    } catch {
      // It is not remembered.
    }
  },
};
