// Loads the modules. The page works without them; with them it is faster.
import "./copying.js";
import "./leaving.js";
import "./shortcuts.js";
import "./theming.js";
import { changeKind } from "./exchanging.js";
import { measure } from "./measuring.js";
import { find } from "./page.js";
import { lastKind, recallInto } from "./remembering.js";

// A page without a result, an error or a kind in its address starts with the last kind and recipe.
if (!find("secret").textContent && !find("problems")) {
  const form = find("recipe-form");
  const link = find(`kind-${lastKind()}`);
  if (!location.search && link && lastKind() !== form.elements.kind.value) changeKind(link);
  else if (recallInto(form)) measure();
}
