// The form of a policy: show the fields of its kind, and the preview of its recipe while it changes.

const WAIT_MS = 250;

const preview = document.querySelector("#policy-preview");
const form = preview?.closest("form");
const kind = form?.elements.namedItem("kind");

function showFieldsOfKind() {
  for (const field of form.querySelectorAll("[data-kinds]")) {
    const row = field.closest(".fieldBox, .form-row");
    // Fields with a value stay visible: the value may be the error.
    const filled = field.type === "checkbox" ? field.checked : field.value;
    row.hidden = !filled && !field.dataset.kinds.split(" ").includes(kind.value);
  }
  for (const part of form.querySelectorAll("fieldset.recipe")) {
    part.hidden = !part.querySelector(".form-row:not([hidden])");
  }
}

let waiting;
let latest = 0;

async function refresh() {
  const mine = ++latest;
  const answer = await fetch(preview.dataset.url, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  if (answer.ok && mine === latest) {
    document.querySelector("#policy-preview-content").innerHTML = await answer.text();
  }
}

function refreshSoon() {
  showFieldsOfKind();
  clearTimeout(waiting);
  waiting = setTimeout(refresh, WAIT_MS);
}

if (kind && preview) {
  showFieldsOfKind();
  form.addEventListener("input", refreshSoon);
  if (!document.querySelector("#policy-preview-content").textContent.trim()) refresh();
}
