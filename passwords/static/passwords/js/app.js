// The page with scripts: nothing here is needed, everything here is quicker.
import "./copying.js";
import "./leaving.js";
import "./shortcuts.js";
import "./theming.js";
import { changeKind } from "./exchanging.js";
import { measure } from "./measuring.js";
import { find } from "./page.js";
import { lastKind, recallInto } from "./remembering.js";

// A page that shows no result, no error and no kind that was asked for begins as the last one ended.
if (!find("secret").textContent && !find("problems")) {
  const form = find("recipe-form");
  const link = find(`kind-${lastKind()}`);
  if (!location.search && link && lastKind() !== form.elements.kind.value) changeKind(link);
  else if (recallInto(form)) measure();
}
