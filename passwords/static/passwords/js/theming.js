// The theme changes without a page load; the server remembers it for the next page.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".themes button");
  if (!button) return;
  event.preventDefault();
  document.documentElement.dataset.theme = button.value;
  for (const other of document.querySelectorAll(".themes button")) {
    other.setAttribute("aria-pressed", other === button);
  }
  const form = button.form;
  fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual" }).catch(
    () => {
      // Then it holds for this page alone.
    },
  );
});
