/*
 * Nothing stale, and nothing of one person left for the next. A page that comes back from the browser's memory is asked
 * of the server again; the quiz does that by itself, because it must not go away where there is no network. At the
 * sign-out the answers that outbox.js keeps go from this browser; where some were never sent, the person is asked first.
 */
(function () {
  "use strict";

  const KEPT_UNDER = "quiz.attempt.";
  const UNSENT = "有答案还没有存到服务器，退出后这些答案就没有了。确定退出吗？";

  function keptNames() {
    try {
      return Object.keys(window.localStorage).filter(function (name) { return name.indexOf(KEPT_UNDER) === 0; });
    } catch (error) {
      return [];
    }
  }

  /** How many answers wait to be sent; outbox.js knows better where the browser stores nothing. */
  function unsent() {
    return keptNames().length;
  }

  function forget() {
    keptNames().forEach(function (name) { window.localStorage.removeItem(name); });
  }

  window.quiz = { KEPT_UNDER: KEPT_UNDER, forget: forget, unsent: unsent };

  window.addEventListener("pageshow", function (event) {
    const isAtStall = document.documentElement.hasAttribute("data-stall");
    if (event.persisted && (isAtStall || !document.getElementById("hand-in"))) {
      window.location.reload();
    }
  });

  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || !event.target.hasAttribute("data-sign-out")) {
      return;
    }
    if (keptNames().length && !window.confirm(UNSENT)) {
      event.preventDefault();
    } else {
      forget();
    }
  });
})();
