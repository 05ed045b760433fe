/*
 * The device of a stall, one person after another. 完成，换下一位 signs out behind the scenes and puts the page for the
 * next one in the place of this one. Where nobody has touched the page for a while it asks, behind a curtain that hides
 * it, and then goes on by itself; answers that wait for the network are sent first. Without this script the same form
 * does it, and the server signs out whoever has gone.
 */
(function () {
  "use strict";

  const ASK_AFTER_MS = 180000;
  const GO_AFTER_MS = 60000; // after it asked
  const LOOK_EVERY_MS = 1000;
  const TRY_AGAIN_MS = 3000;
  const GIVE_UP_AFTER_MS = 10000;

  const quiz = window.quiz;
  const root = document.documentElement;
  const welcome = root.dataset.stall;
  const curtain = document.getElementById("stall-curtain"); // not there on the page that waits for the next person
  let touchedAt = Date.now();
  let isGoing = false;

  /** Browsers that do not know Clear-Site-Data keep what is not taken away. */
  function wipe() {
    quiz.forget();
    try {
      window.sessionStorage.clear();
    } catch (error) {
      // there is nothing where nothing can be stored
    }
    if (window.caches) {
      window.caches.keys().then(function (names) { names.forEach(function (name) { window.caches.delete(name); }); }, function () {});
    }
  }

  function ask(url, options) {
    const controller = new AbortController();
    const timer = window.setTimeout(function () { controller.abort(); }, GIVE_UP_AFTER_MS);
    const wanted = Object.assign({ credentials: "same-origin", cache: "no-store", redirect: "manual", signal: controller.signal }, options);
    return fetch(url, wanted).then(
      function (reply) { window.clearTimeout(timer); return reply; },
      function (error) { window.clearTimeout(timer); throw error; }
    );
  }

  // --- on to the next person -----------------------------------------------------------------------------------------

  /** Unsent answers are given up only where the server says that their person is signed out. */
  async function mayGo() {
    const facts = document.getElementById("hand-in");
    if (!facts || !quiz.unsent()) {
      return true;
    }
    const reply = await ask(facts.dataset.stateUrl, { headers: { Accept: "application/json" } });
    return reply.status === 401;
  }

  async function goOn() {
    const fields = new URLSearchParams();
    fields.append("csrf_token", document.querySelector("meta[name=csrf-token]").content);
    const reply = await ask(curtain.dataset.next, { method: "POST", body: fields });
    if (reply.status >= 500) {
      throw new Error("not signed out");
    }
    wipe();
    window.location.replace(welcome);
  }

  async function go() {
    isGoing = true;
    show("正在退出", "");
    try {
      if (await mayGo()) {
        return await goOn();
      }
    } catch (error) {
      // no network: nothing of this person is seen meanwhile
    }
    show("正在等网络", quiz.unsent() ? "答案保存好以后，这一页自己退出。" : "连上以后，这一页自己退出。");
    window.setTimeout(go, TRY_AGAIN_MS);
    return undefined;
  }

  // --- whether somebody is there -------------------------------------------------------------------------------------

  function show(words, more) {
    document.getElementById("stall-words").textContent = words;
    document.getElementById("stall-left").textContent = more;
    document.getElementById("stall-stay").hidden = isGoing;
    if (curtain.hidden) {
      curtain.hidden = false;
      document.getElementById("stall-stay").focus();
    }
  }

  function look() {
    const still = Date.now() - touchedAt;
    if (isGoing) {
      return;
    }
    if (still < 0) {
      touchedAt = Date.now(); // the clock was set back
    } else if (still >= ASK_AFTER_MS + GO_AFTER_MS) {
      go();
    } else if (still >= ASK_AFTER_MS) {
      show("还在答题吗？", "再过 " + Math.ceil((ASK_AFTER_MS + GO_AFTER_MS - still) / 1000) + " 秒没有人回答，就退出。答案都会保存。");
    }
  }

  function stay() {
    touchedAt = Date.now();
    curtain.hidden = true;
  }

  function touched(event) {
    if (curtain.hidden) {
      touchedAt = Date.now();
    } else if (!isGoing && event.type === "keydown") {
      event.preventDefault(); // no key chooses an answer that is not seen
      event.stopPropagation();
      stay();
    }
  }

  function listen() {
    ["pointerdown", "touchstart", "keydown", "input", "scroll"].forEach(function (kind) {
      document.addEventListener(kind, touched, { capture: true, passive: kind !== "keydown" });
    });
    curtain.addEventListener("click", function () {
      if (!isGoing) {
        stay();
      }
    });
    document.addEventListener("visibilitychange", look); // timers sleep with the device
    window.setInterval(look, LOOK_EVERY_MS);
    document.addEventListener("submit", function (event) {
      if (!event.defaultPrevented && event.target.hasAttribute("data-stall-next")) {
        event.preventDefault();
        go();
      }
    });
  }

  // A page kept in the browser's memory comes back empty, and fresh.js then asks the server.
  window.addEventListener("pagehide", function () { root.hidden = true; });

  if (curtain) {
    listen();
  } else {
    wipe();
  }
})();
