/*
 * The end of an attempt: at the deadline the page hands in what was saved, and says what counts. The server decides; an
 * answer that did not reach it in time is named, not dropped in silence.
 */
(function () {
  "use strict";

  const quiz = window.quiz;
  const AS_GOOD_AS_NONE_MS = 500; // more than this left means that time was given back

  /** `page` is what attempt.js lends: facts, csrfToken, outbox, and its ways to speak, ask, freeze and stop. */
  quiz.Ending = function (page) {
    const facts = page.facts;
    const outbox = page.outbox;
    let upSince = null; // performance.now() of the deadline, once it is past
    let isEnding = false;
    let isFinishing = false;

    function isTimeUp() {
      return upSince !== null;
    }

    function isPastGrace() {
      return performance.now() - upSince > Number(facts.dataset.graceMs);
    }

    function wordsWhileAway() {
      const count = outbox.kept().length;
      if (!count) {
        return "时间到。网络断开，连上后自动交卷。保存过的答案都计入成绩。";
      }
      if (isPastGrace()) {
        return "时间到。网络断开，留在本机的 " + count + " 题没有送到，不再计入；保存过的都计入成绩。连上后自动交卷。";
      }
      return "时间到。网络断开，留在本机的 " + count + " 题要马上连上才算数；保存过的都计入成绩。";
    }

    function frozen(isFrozen) {
      upSince = isFrozen ? (isTimeUp() ? upSince : performance.now()) : null;
      page.freeze(isFrozen);
    }

    async function timeUp() {
      if (isEnding || page.isStopped()) {
        return;
      }
      isEnding = true;
      const isSettled = await endIfOver().catch(function () { return false; });
      isEnding = false;
      if (!isSettled && !page.isStopped()) {
        frozen(true);
        page.say(wordsWhileAway(), "is-away");
        window.setTimeout(timeUp, 1000 + Math.random() * 2000);
      }
    }

    /** The server decides: there may have been time given back. */
    async function endIfOver() {
      const left = await page.refresh();
      if (page.isStopped()) {
        return true;
      }
      if (left > AS_GOOD_AS_NONE_MS) {
        frozen(false);
        return true;
      }
      frozen(true);
      page.say("时间到，正在交卷");
      if (outbox.kept().some(page.contested)) {
        await outbox.sendNow(); // each with its revision, so that nothing newer is overwritten unasked
      }
      return page.isStopped() || handIn();
    }

    /** Whether it went through. What is kept and nobody contests goes with it, in the same transaction. */
    async function handIn() {
      let reply;
      try {
        reply = await quiz.request(facts.action, { method: "POST", body: carried(), redirect: "manual" });
      } catch (error) {
        return false; // said by whoever asked
      }
      if (reply.type === "opaqueredirect" || reply.ok) {
        await finish();
        return true;
      }
      if (reply.status === 401) {
        page.signedOut();
      } else if (reply.status === 403) {
        window.location.reload();
      } else if (reply.status === 422 || reply.status === 409) {
        await outbox.sendNow(); // one by one, so that an answer that is not taken does not stand in the way of the others
      }
      return false;
    }

    function carried() {
      const fields = new URLSearchParams();
      fields.append("csrf_token", page.csrfToken);
      outbox.kept().filter(function (entry) { return !page.contested(entry); }).forEach(function (entry) {
        const answer = Array.isArray(entry.answer) ? entry.answer : [entry.answer];
        (answer.length ? answer : [""]).forEach(function (value) { fields.append("a" + entry.position, value); });
      });
      return fields;
    }

    /** The attempt has ended: on to the result, unless there is something to be said first. */
    async function finish() {
      page.stop();
      if (isFinishing) {
        return;
      }
      isFinishing = true;
      try {
        const waiting = outbox.kept();
        const questions = waiting.length ? await questionsAtTheEnd() : [];
        const missed = waiting.filter(function (entry) { return !isSame(entry.answer, questions[entry.position - 1].answer); });
        outbox.clear();
        if (missed.length) {
          sayMissed(missed, questions);
        } else {
          window.location.replace(facts.dataset.resultUrl);
        }
      } catch (error) {
        isFinishing = false; // what is kept is kept until the server has said what counts
        page.say(wordsWhileAway(), "is-away");
        window.setTimeout(finish, 2000 + Math.random() * 2000);
      }
    }

    async function questionsAtTheEnd() {
      const reply = await quiz.request(facts.dataset.stateUrl);
      return (await reply.json()).questions;
    }

    /** A text is stored without the spaces around it. */
    function isSame(answer, stored) {
      return tidied(answer) === tidied(stored);
    }

    function tidied(answer) {
      return [].concat(answer).map(function (item) { return item.trim(); }).join("\n");
    }

    function sayMissed(missed, questions) {
      const places = missed.map(function (entry) { return entry.position; }).sort(function (a, b) { return a - b; });
      const counted = questions.filter(function (question) { return tidied(question.answer); }).length;
      frozen(true);
      page.stayHere();
      page.say(
        "时间到，已交卷。保存的 " + counted + " 题计入成绩；留在本机的第 " + places.join("、") + " 题没有及时送到，没有计入。",
        "is-away",
        { url: facts.dataset.resultUrl, label: "看成绩" }
      );
    }

    // --- by hand ------------------------------------------------------------------------------------------------------

    async function handInByHand(button) {
      button.disabled = true;
      await outbox.sendNow();
      const isReady = !page.isAsking() && !page.isStopped();
      if (isReady && (outbox.kept().length || !(await handIn())) && !page.isStopped()) {
        page.say("网络断开，还没有交卷。连上后请再点一次“交卷”。", "is-away");
      }
      button.disabled = false;
    }

    /** The next person must not find a form in which somebody's answers are still waiting. */
    async function signOut(form) {
      await outbox.sendNow();
      if (outbox.kept().length) {
        page.say("还有 " + outbox.kept().length + " 题没有存到服务器，请等连上网再退出。", "is-away");
      } else {
        quiz.forget();
        form.submit();
      }
    }

    function listen() {
      const sheetForm = document.querySelector("form[data-hand-in]");
      if (sheetForm) {
        sheetForm.addEventListener("submit", function (event) {
          event.preventDefault();
          handInByHand(sheetForm.querySelector("button"));
        });
      }
      document.querySelectorAll("form[data-sign-out]").forEach(function (form) {
        form.addEventListener("submit", function (event) {
          page.finishTyping();
          if (outbox.kept().length && !page.isStopped()) {
            event.preventDefault();
            signOut(form);
          }
        });
      });
    }

    return { listen: listen, isTimeUp: isTimeUp, wordsWhileAway: wordsWhileAway, timeUp: timeUp, handIn: handIn, finish: finish };
  };
})();
