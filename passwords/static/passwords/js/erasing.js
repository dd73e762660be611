// Pages of one secret: remove it when the page is left, for the browser's back/forward cache.
addEventListener("pagehide", () => document.querySelector("main").replaceChildren());

addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(document.querySelector(".brand").href);
});
