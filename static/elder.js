/*
 * 长辈版. The switch changes the page at hand without loading it anew, so that nothing half typed is lost and it works
 * without network; the cookie tells the server for the pages that follow. And 朗读: the browser's own speech reads the
 * question on the page, where the browser has one.
 */
(function () {
  "use strict";

  const A_YEAR_S = 31536000;

  function showSize(size) {
    const root = document.documentElement;
    root.className = size ? "elder elder-" + size : "";
    document.querySelectorAll(".look-size[aria-pressed]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.value === size));
    });
  }

  function remember(size) {
    const secure = window.location.protocol === "https:" ? "; secure" : "";
    document.cookie = "look=" + size + "; path=/; samesite=lax; max-age=" + (size ? A_YEAR_S : 0) + secure;
  }

  function listenToSwitch(form) {
    form.addEventListener("click", function (event) {
      const button = event.target.closest("button[name=size]");
      if (button) {
        event.preventDefault();
        remember(button.value);
        showSize(button.value);
        stop();
        const shown = button.offsetParent ? button : form.querySelector(button.value ? "[aria-pressed=true]" : ".look-on");
        shown.focus();
      }
    });
  }

  // --- reading aloud -------------------------------------------------------------------------------------------------

  const speech = window.speechSynthesis && window.SpeechSynthesisUtterance ? window.speechSynthesis : null;
  const speak = document.getElementById("speak");
  const question = document.getElementById("question");

  function words() {
    const rows = Array.from(question.querySelectorAll("#options .choice-face")).map(function (row) {
      return row.querySelector(".letter").textContent + "，" + row.querySelector(".option-text").textContent.trim();
    });
    const kind = document.getElementById("kind").textContent;
    const stem = document.getElementById("stem").textContent.replace(/[_＿]{2,}|（\s*）|\(\s*\)/g, "，什么，");
    return [document.getElementById("place").textContent.replace(/\/\d+/, ""), kind, stem].concat(rows).join("。\n");
  }

  function isNotSpeaking() {
    if (speak) {
      speak.textContent = "朗读";
    }
  }

  function stop() {
    if (speech) {
      speech.cancel();
    }
    isNotSpeaking();
  }

  function start() {
    const utterance = new window.SpeechSynthesisUtterance(words());
    utterance.lang = "zh-CN";
    utterance.rate = 0.9;
    utterance.onend = isNotSpeaking;
    utterance.onerror = isNotSpeaking;
    speech.cancel(); // some phones stay silent when something is still queued
    speech.speak(utterance);
    speak.textContent = "停止朗读";
  }

  function listenToSpeak() {
    speak.hidden = false;
    speak.addEventListener("click", function () {
      (speak.textContent === "朗读" ? start : stop)();
    });
    new MutationObserver(stop).observe(question, { attributes: true, attributeFilter: ["data-position"] });
    window.addEventListener("pagehide", stop);
  }

  document.querySelectorAll("form[data-look]").forEach(listenToSwitch);
  if (speech && speak && question) {
    listenToSpeak();
  }
})();
