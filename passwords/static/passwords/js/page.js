// Shared by the other modules: elements, messages to the visitor, storage.
export const find = (id) => document.getElementById(id);
export const words = find("words").dataset;

const toast = find("toast");
let hiding;

// Show a message for some seconds; screen readers read it.
export function tell(text, seconds = 6) {
  clearTimeout(hiding);
  toast.firstElementChild.textContent = text;
  toast.hidden = false;
  announce(text);
  hiding = setTimeout(hush, seconds * 1000);
}

// Change the message that is shown; screen readers do not read it again.
export function retell(text) {
  toast.firstElementChild.textContent = text;
}

export function hush() {
  toast.hidden = true;
}

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
