/* A page that comes back from the browser's memory may be stale, or another person's: ask the server again. */
window.addEventListener("pageshow", function (event) {
  if (event.persisted) {
    window.location.reload();
  }
});
