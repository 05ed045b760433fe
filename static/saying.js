/* The line below the question that says what became of an answer; screen readers read it out when they are free. */
(function () {
  "use strict";

  window.quiz.Saying = function (line) {
    let slowly = null;

    /** `kind` is a class of the line, `link` is {url, label}. */
    function say(text, kind, link) {
      window.clearTimeout(slowly);
      line.className = "save-state" + (kind ? " " + kind : "");
      line.textContent = text;
      if (link) {
        const anchor = document.createElement("a");
        anchor.href = link.url;
        anchor.textContent = link.label;
        line.appendChild(anchor);
      }
    }

    /** Said only when the answer takes its time, so that nothing flickers. */
    function saySlowly(text) {
      window.clearTimeout(slowly);
      slowly = window.setTimeout(function () { say(text); }, 600);
    }

    return { say: say, saySlowly: saySlowly };
  };
})();
