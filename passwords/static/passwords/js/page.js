// What the other modules share: finding elements, and telling the visitor something.
export const find = (id) => document.getElementById(id);
export const words = find("words").dataset;

const toast = find("toast");
let hiding;

// Show a line for a while; screen readers hear it.
export function tell(text, seconds = 6) {
  clearTimeout(hiding);
  toast.firstElementChild.textContent = text;
  toast.hidden = false;
  announce(text);
  hiding = setTimeout(hush, seconds * 1000);
}

// Change the line that is shown, silently.
export function retell(text) {
  toast.firstElementChild.textContent = text;
}

export function hush() {
  toast.hidden = true;
}

// Let screen readers say it.
export function announce(text) {
  find("announcer").textContent = text;
}

// Storage that may be forbidden, full or absent.
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
      // Then it is not remembered.
    }
  },
};
