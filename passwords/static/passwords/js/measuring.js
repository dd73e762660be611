// Sliders for the numbers, and the strength while the recipe changes. It draws no secret.
import { find } from "./page.js";
import { remember } from "./remembering.js";

const PAUSE_MS = 120;
let waiting;
let running;

function markFault() {
  const fault = find("fault");
  for (const field of document.querySelectorAll("#recipe-form [aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  const field = fault && find(fault.dataset.anchor);
  field?.setAttribute("aria-invalid", "true");
  field?.setAttribute("aria-describedby", "fault");
}

// The recipe has changed: the response that is being waited for is out of date.
export function stopMeasuring() {
  clearTimeout(waiting);
  running?.abort();
}

export async function measure() {
  stopMeasuring();
  running = new AbortController();
  const form = find("recipe-form");
  const recipe = new FormData(form);
  recipe.delete("request_id");
  try {
    const url = `${form.dataset.strength}?${new URLSearchParams(recipe)}`;
    const response = await fetch(url, { signal: running.signal });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.getElementById("strength");
    const formula = next.querySelector(".formula");
    if (formula) formula.open = Boolean(find("strength").querySelector(".formula")?.open);
    find("strength").replaceWith(next);
    find("problems")?.remove();
    for (const error of form.querySelectorAll(".error")) error.remove();
    markFault();
  } catch {
    // There was another change, or the server does not answer: keep the strength that is shown.
  }
}

function changed() {
  for (const chip of document.querySelectorAll(".chips [aria-pressed]")) chip.removeAttribute("aria-pressed");
  find("preset-description")?.remove();
  remember();
  stopMeasuring();
  waiting = setTimeout(measure, PAUSE_MS);
}

document.addEventListener("input", ({ target }) => {
  if (!target.closest?.("#recipe-form")) return;
  if (target.classList.contains("slider")) find(target.dataset.for).value = target.value;
  else if (target.type === "number") {
    const slider = target.parentElement.querySelector(".slider");
    if (slider) slider.value = target.value;
  }
  changed();
});
