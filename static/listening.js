/*
 * What people do on the page of an attempt: buttons, choices, typing, keys, the back button, looking away and coming
 * back. Each is handed to attempt.js, which knows what becomes of it.
 *
 * How long nobody looked, the page hidden behind another one or without the focus, is counted question by question. It
 * goes with the next save of that question, for a judge to see beside many other things; it changes no mark.
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

  /** `page` is what attempt.js lends: the parts of the page, and its ways to record, move and come back. */
  window.quiz.Listening = function (page) {
    const form = page.form;
    const question = page.question;
    const turns = page.turns;

    function toQuestion() {
      let pressed = "next";
      form.addEventListener("click", function (event) {
        const button = event.target.closest("button[name=go]");
        pressed = button ? button.value : pressed;
      });
      form.addEventListener("submit", function (event) {
        event.preventDefault();
        page.move(pressed);
        pressed = "next";
      });
      form.addEventListener("change", function (event) {
        if (event.target.name === "answer" && (!question.isText() || page.isTyping())) {
          page.record();
        }
      });
      form.addEventListener("input", function (event) {
        if (question.isText() && event.target.name === "answer") {
          page.keepOnTyping();
        }
      });
      document.addEventListener("keydown", onKey);
      window.addEventListener("popstate", function () {
        page.showAgain(Number((/[?&]q=(\d+)/.exec(window.location.search) || [0, 1])[1]));
      });
    }

    function isNoShortcut(event) {
      const target = event.target;
      const isTyped = target.tagName === "TEXTAREA" || (target.tagName === "INPUT" && target.type === "text");
      const isTimeUp = page.ending.isTimeUp() || (turns && turns.isTimeUp());
      return event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyped || isTimeUp;
    }

    function onKey(event) {
      if (isNoShortcut(event)) {
        return;
      }
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        if (turns) {
          return; // there is no way back from a key pressed by mistake
        }
        event.preventDefault();
        page.move(event.key === "ArrowLeft" ? "previous" : page.place() === page.total ? "" : "next");
        return;
      }
      if (question.choose(event.key)) {
        event.preventDefault();
      }
    }

    function toTheWorld() {
      document.addEventListener("quiz:ask", page.askAgain);
      document.addEventListener("quiz:time-up", turns ? turns.timeUp : page.ending.timeUp);
      window.addEventListener("online", page.comeBack);
      document.addEventListener("visibilitychange", function () {
        if (document.visibilityState === "visible") {
          page.comeBack();
        } else {
          page.finishTyping(); // a phone may end a page that nobody looks at
        }
      });
      window.addEventListener("pageshow", function (event) {
        if (event.persisted) {
          page.comeBack(); // out of the browser's memory: time has passed, and other devices have been at work
        }
      });
    }

    return { toQuestion: toQuestion, toTheWorld: toTheWorld };
  };
})();
