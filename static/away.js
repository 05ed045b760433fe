/*
 * How long nobody looked at the page, question by question: hidden behind another one, or without the focus. It goes
 * with the next save of that question, for a judge to see beside many other things; it changes no mark.
 */
(function () {
  "use strict";

  /** `place()` is the question on the page. */
  window.quiz.Away = function (place) {
    const away = {}; // by position, in milliseconds
    let since = null; // performance.now(), while nobody looks
    let left = 0; // the question that was left

    function count() {
      if (since !== null) {
        const now = performance.now();
        away[left] = (away[left] || 0) + now - since;
        since = now;
      }
    }

    function leave() {
      if (since === null) {
        since = performance.now();
        left = place();
      }
    }

    function comeBack() {
      if (document.visibilityState === "visible") {
        count();
        since = null;
      }
    }

    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "visible") {
        comeBack();
      } else {
        leave();
      }
    });
    window.addEventListener("blur", leave);
    // Not every browser says that it has the focus again: whoever does something is there.
    ["focus", "pageshow", "pointerdown", "keydown"].forEach(function (name) { window.addEventListener(name, comeBack); });

    return {
      /** What came together at this question since it was asked last. */
      take: function (position) {
        count();
        const taken = Math.round(away[position] || 0);
        away[position] = 0;
        return taken;
      },
    };
  };
})();
