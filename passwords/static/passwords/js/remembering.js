// Keep the last recipe of each kind in localStorage. A recipe is not a secret; no secret is kept.
import { find, storage } from "./page.js";

const NOT_OF_THE_RECIPE = new Set(["request_id", "kind"]);

export function remember() {
  const form = find("recipe-form");
  const kind = form.elements.kind.value;
  const recipes = storage.read("recipes") ?? {};
  const fields = [...new FormData(form)].filter(([name]) => !NOT_OF_THE_RECIPE.has(name));
  storage.write("recipes", { ...recipes, [kind]: Object.fromEntries(fields), last: kind });
}

function fill(field, value) {
  if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === value;
  else if (field.type !== "hidden") field.value = value;
}

export const lastKind = () => storage.read("recipes")?.last;

// Put the kept values into the form of their kind; return whether there were any.
export function recallInto(form) {
  const recipe = storage.read("recipes")?.[form.elements.kind.value];
  if (!recipe) return false;
  for (const field of form.elements) {
    if (field.name in recipe) fill(field, recipe[field.name]);
  }
  for (const slider of form.querySelectorAll(".slider")) slider.value = find(slider.dataset.for).value;
  return true;
}
