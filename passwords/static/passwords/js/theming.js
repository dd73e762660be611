// Change the theme without a page load; a cookie of the server keeps it for the next page.
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
      // It applies to this page only.
    },
  );
});
