/* Two devices on one attempt: what this one and the other one say is shown, and the person chooses. */
(function () {
  "use strict";

  function inWords(answer) {
    const given = Array.isArray(answer) ? answer : answer ? [answer] : [];
    if (!given.some(Boolean)) {
      return "“没有作答”";
    }
    return given.every(function (item) { return /^[A-H]$/.test(item); }) ? given.join("") : "“" + given.join("；") + "”";
  }

  function button(label, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "button quiet";
    element.textContent = label;
    element.addEventListener("click", act);
    return element;
  }

  /** `settle(answer, revision, isMine)` hears which one was chosen for the question that `ask` was called with. */
  window.quiz.Quarrels = function (box, settle) {
    const open = {}; // by position: {mine, theirs, revision}

    /** Asks where there is something to ask. The focus goes there, unless somebody is typing: then it is read out. */
    function ask(position) {
      const about = open[position];
      box.hidden = !about;
      box.textContent = "";
      if (!about) {
        return;
      }
      const [mine, theirs] = [inWords(about.mine), inWords(about.theirs)];
      const isTyping = document.activeElement && document.activeElement.type === "text";
      const words = document.createElement("p");
      words.id = "quarrel-words";
      words.textContent = "这道题刚在另一台设备上改成了 " + theirs + "。用 " + theirs + "，还是用这里的 " + mine + "？";
      box.setAttribute("role", isTyping ? "alert" : "group");
      box.appendChild(words);
      box.appendChild(button("用 " + theirs, function () { choose(position, about.theirs, false); }));
      box.appendChild(button("用这里的 " + mine, function () { choose(position, about.mine, true); }));
      box.scrollIntoView({ block: "center" });
      if (!isTyping) {
        box.focus({ preventScroll: true });
      }
    }

    function choose(position, answer, isMine) {
      const revision = open[position].revision;
      delete open[position];
      ask(position);
      settle(answer, revision, isMine);
    }

    return {
      add: function (position, mine, theirs) {
        open[position] = { mine: mine, theirs: theirs.answer, revision: theirs.revision };
      },
      about: function (position) { return open[position]; },
      first: function () { return Number(Object.keys(open)[0]) || 0; },
      isOne: function (mine, theirs) { return inWords(mine) === inWords(theirs); },
      ask: ask,
    };
  };
})();
