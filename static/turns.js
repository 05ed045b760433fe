/*
 * 每题限时: one question after another, each with its own time, which the server keeps. The page goes on when the time is
 * over or by 下一题, always by way of the server, which alone has the next question. What reached it too late is named.
 */
(function () {
  "use strict";

  const quiz = window.quiz;
  const AS_GOOD_AS_NONE_MS = 500; // more than this left means that time was given

  /** `page` is what attempt.js lends: form, stateUrl, outbox, ending, and its ways to speak, ask and freeze. */
  quiz.Turns = function (page) {
    const outbox = page.outbox;
    const place = Number(page.form.dataset.position);
    const missedHere = document.getElementById("missed");
    let isUp = false;
    let isMissed = false; // something on this very page did not count: it is read before the page goes on
    let isBusy = false;
    let isPressed = false; // 下一题, while the server was being asked whether the time is over
    let isLeaving = false;
    let questionLeft = 0;

    function frozen(isFrozen) {
      isUp = isFrozen;
      page.freeze(isFrozen);
    }

    /** Hears what the server says of the attempt; whether this page's question is still the open one. */
    function isStill(body) {
      questionLeft = body.question_remaining_ms;
      if (body.position === place || isLeaving) {
        return true;
      }
      leave();
      return false;
    }

    function leave() {
      isLeaving = true;
      window.location.assign(page.stateUrl);
    }

    /** An answer that the server did not take any more; `body` says what it has in its place. */
    function missed(entry, body) {
      isMissed = isMissed || entry.position === place;
      isPressed = false; // before this was told
      missedHere.hidden = false;
      missedHere.textContent += body.message;
      if (entry.position === place) {
        frozen(true);
        page.say("本题时间到。请点“下一题”。", "is-away");
      }
    }

    // --- going on -----------------------------------------------------------------------------------------------------

    /** By hand: first everything is saved, and a quarrel settled. */
    async function goOn() {
      if (isBusy || page.isStopped()) {
        isPressed = isBusy;
        return;
      }
      isBusy = true;
      await outbox.sendNow();
      const isReady = isUp || (!page.isAsking() && !outbox.kept().length);
      if (isReady && !page.isStopped() && !(await leaveQuestion())) {
        page.say("网络断开，连上后再点“下一题”。时间不停。", "is-away");
      }
      isBusy = isPressed = false;
    }

    /** Whether the server heard it; then it shows what comes next. */
    async function leaveQuestion() {
      const fields = new URLSearchParams();
      fields.append("csrf_token", page.form.elements.csrf_token.value);
      fields.append("go", "next");
      let reply;
      try {
        reply = await quiz.request(page.form.action, { method: "POST", body: fields, redirect: "manual" });
      } catch (error) {
        return false;
      }
      if (reply.status === 401) {
        page.signedOut();
      } else if (reply.status === 429 || reply.status >= 500) {
        return false;
      } else {
        leave();
      }
      return true;
    }

    // --- the time is over ---------------------------------------------------------------------------------------------

    async function timeUp() {
      if (isBusy || page.isStopped() || isLeaving) {
        return;
      }
      isBusy = true;
      page.finishTyping();
      frozen(true);
      const isHeard = await endTurn().catch(function () { return false; });
      isBusy = false;
      if (!isHeard && !page.isStopped()) {
        page.say(wordsWhileAway(), "is-away");
        window.setTimeout(timeUp, 1000 + Math.random() * 1000);
      } else if (isPressed && !isLeaving) {
        goOn();
      }
    }

    /** The server decides: time may have been given, or the whole paper's time may be over. */
    async function endTurn() {
      await outbox.sendNow();
      const left = await page.refresh();
      if (page.isStopped() || isLeaving) {
        return true;
      }
      if (left <= AS_GOOD_AS_NONE_MS) {
        page.ending.timeUp();
        return true;
      }
      if (questionLeft > AS_GOOD_AS_NONE_MS) {
        frozen(false);
        return true;
      }
      if (isMissed) {
        return true; // said; 下一题 is for the person to press
      }
      page.say("本题时间到，接着是下一题");
      return leaveQuestion();
    }

    function wordsWhileAway() {
      return outbox.kept().length
        ? "本题时间到。网络断开，这道题的答案要马上连上才算数。请不要关闭页面。"
        : "本题时间到。网络断开，连上后接着答下一题。";
    }

    return { isStill: isStill, missed: missed, goOn: goOn, timeUp: timeUp, isTimeUp: function () { return isUp; } };
  };
})();
