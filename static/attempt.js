/*
 * Saves each answer as it is given, and moves between questions without loading a page, so that a lift without network
 * stops nobody. Without this script the same form saves on every button. outbox.js keeps and sends answers, question.js
 * builds questions, ending.js hands in, turns.js goes on where each question has its own time, listening.js hears
 * what people do; here is what the page says, and how it moves.
 */
(function () {
  "use strict";

  const facts = document.getElementById("hand-in");
  if (!facts) {
    return;
  }
  const quiz = window.quiz;
  const urls = facts.dataset;
  const form = byId("question"); // not there on the answer sheet
  const question = form && quiz.Question(form);
  const saying = quiz.Saying(byId("save-state"));
  const say = saying.say;
  const csrfToken = document.querySelector("meta[name=csrf-token]").content;
  const TYPING_PAUSE_MS = 800;
  const AWAY = "网络断开，答案先留在本机，连上后自动保存。请不要关闭页面。";
  const TROUBLE = "服务器正忙，答案先留在本机，稍后自动保存。请不要关闭页面。";
  const NOT_COUNTED = "倒计时结束还没送到的，不计入成绩。";

  let place = form ? Number(form.dataset.position) : 0;
  const total = form ? Number(form.dataset.total) : 0;
  let questions = null; // as GET /attempts/<id> gives them
  const known = {}; // by position: {answer, revision} as last heard from the server
  const outOfSight = quiz.Away(function () { return place; });
  const quarrels = quiz.Quarrels(byId("quarrel"), settle);
  let isStopped = false;
  let isSignedOut = false;

  const outbox = quiz.Outbox(urls.attempt, urls.saveUrl, csrfToken, {
    isHeld: function (position) { return Boolean(quarrels.about(position)); },
    saved: wasSaved,
    superseded: superseded,
    ended: function () { ending.finish(); },
    away: function (status) { wentAway(status ? TROUBLE : AWAY); },
    signedOut: signedOut,
    refused: refused,
  });
  const ending = quiz.Ending({
    facts: facts,
    csrfToken: csrfToken,
    outbox: outbox,
    say: say,
    refresh: refresh,
    freeze: freeze,
    contested: contested,
    signedOut: signedOut,
    isAsking: isAsking,
    stayHere: stayHere,
    finishTyping: finishTyping,
    isStopped: function () { return isStopped; },
    stop: function () { isStopped = true; outbox.stop(); },
  });

  const turns = form && quiz.Turns && quiz.Turns({
    form: form,
    stateUrl: urls.stateUrl,
    outbox: outbox,
    ending: ending,
    say: say,
    refresh: refresh,
    freeze: freeze,
    signedOut: signedOut,
    isAsking: isAsking,
    finishTyping: finishTyping,
    isStopped: function () { return isStopped; },
  });

  const listening = quiz.Listening({
    form: form,
    question: question,
    turns: turns,
    ending: ending,
    total: total,
    place: function () { return place; },
    isTyping: function () { return Boolean(typing); },
    record: record,
    keepOnTyping: keepOnTyping,
    finishTyping: finishTyping,
    move: move,
    showAgain: showAgain,
    comeBack: comeBack,
    askAgain: function () { quietly(refresh()); },
  });

  let isAway = outbox.kept().length > 0; // an earlier page could not send these
  let savedSinceAway = 0;

  function byId(id) {
    return document.getElementById(id);
  }

  /** The time left of the paper, or of the question where each has its own. */
  function tellTime(body) {
    const left = turns ? body.question_remaining_ms : body.remaining_ms;
    document.dispatchEvent(new CustomEvent("quiz:remaining", { detail: left }));
  }

  function quietly(promise) {
    promise.catch(function () {});
  }

  // --- what becomes of an answer -------------------------------------------------------------------------------------

  function wentAway(words) {
    isAway = true;
    if (turns && turns.isTimeUp()) {
      return;
    }
    say(ending.isTimeUp() ? ending.wordsWhileAway() : words + (outbox.kept().length ? NOT_COUNTED : ""), "is-away");
  }

  function wasSaved(entry, body) {
    learn(entry.position, body.answer === undefined ? entry.answer : body.answer, body.revision);
    tellTime(body);
    if (isAway) {
      savedSinceAway += 1;
    }
    if (!outbox.kept().length) {
      say(isAway ? "已连上，" + savedSinceAway + " 题已补存" : "已保存", "is-saved");
      isAway = false;
      savedSinceAway = 0;
      if (!questions) {
        quietly(refresh());
      }
    }
  }

  function signedOut() {
    isStopped = true;
    isSignedOut = true;
    outbox.stop();
    say("您已退出登录，答案先留在本机。", "is-away", { url: urls.signInUrl, label: "重新登录，接着答题" });
  }

  function refused(entry, status, body) {
    isStopped = !quiz.isOfNoUse(status, body);
    if (turns && /^question_/.test(body.reason)) {
      return missed(entry, body);
    }
    say(body.message || TROUBLE, "is-away");
  }

  /** Its question was closed before it came: what the server has is what counts. */
  function missed(entry, body) {
    if (body.answer !== undefined) {
      learn(entry.position, body.answer, body.revision);
      if (entry.position === place) {
        question.showAnswer(body.answer);
      }
    }
    turns.missed(entry, body);
  }

  /** Another device has saved here since. Asks, unless both say the same. */
  function superseded(entry, body) {
    if (quarrels.isOne(entry.answer, body.answer)) {
      outbox.drop(entry);
      learn(entry.position, body.answer, body.revision);
      say("已保存", "is-saved");
      return;
    }
    quarrels.add(entry.position, entry.answer, body);
    askOrSay(entry.position);
  }

  function askOrSay(position) {
    if (position === place) {
      say("");
      quarrels.ask(place);
    } else {
      const words = "第 " + position + " 题刚在另一台设备上改过，要请您选用哪个答案。";
      say(words, "is-away", { url: urls.stateUrl + "?q=" + position, label: "去第 " + position + " 题" });
    }
  }

  /** Whether a quarrel has to be settled before anything else; then it asks. */
  function isAsking() {
    const position = quarrels.first();
    if (position) {
      askOrSay(position);
    }
    return Boolean(position);
  }

  function settle(answer, revision, isMine) {
    const waiting = outbox.waitingAt(place);
    if (!isMine) {
      outbox.drop(waiting);
    }
    learn(place, answer, revision);
    question.showAnswer(answer);
    (question.controls().find(function (input) { return input.checked; }) || question.controls()[0]).focus();
    if (isMine) {
      record();
    } else {
      say("已保存", "is-saved");
      outbox.send();
    }
  }

  // --- what is known of the paper ------------------------------------------------------------------------------------

  function learn(position, answer, revision) {
    known[position] = { answer: answer, revision: revision };
    if (form && position === place) {
      form.elements.revision.value = revision;
    }
    if (!outbox.waitingAt(position)) {
      quiz.markOnSheet(position, answer);
    }
  }

  /**
   * Asks the server how things stand: time left, answers given elsewhere, whether the attempt still runs. The promise is
   * broken where there is no network.
   */
  async function refresh() {
    const reply = await quiz.request(urls.stateUrl);
    if (reply.status === 401) {
      return signedOut();
    }
    if (!reply.ok) {
      throw new Error("no state");
    }
    const body = await reply.json();
    if (body.state === "ended") {
      return ending.finish();
    }
    if (turns && !turns.isStill(body)) {
      return body.remaining_ms;
    }
    tellTime(body);
    questions = body.questions;
    questions.forEach(hear);
    quiz.fetchPictures(questions);
    return body.remaining_ms;
  }

  /**
   * A reply may be older than a save that came between: only a higher revision is news. Where an answer still waits
   * here, it was given on the revision it carries, and the server must be asked with that one.
   */
  function hear(told) {
    const before = known[told.position];
    const waiting = outbox.waitingAt(told.position);
    if (before && (waiting || before.revision >= told.revision)) {
      return;
    }
    learn(told.position, told.answer, waiting ? waiting.revision : told.revision);
    if (!waiting && form && told.position === place && !typing) {
      question.showAnswer(told.answer);
    }
  }

  /** Whether somebody else may have written here since this answer was given: then a hand-in must not carry it. */
  function contested(entry) {
    return Boolean(quarrels.about(entry.position)) || !questions || questions[entry.position - 1].revision > entry.revision;
  }

  // --- one question --------------------------------------------------------------------------------------------------

  let typing = null;

  function record() {
    window.clearTimeout(typing);
    typing = null;
    const entry = outbox.keep(place, question.answer(), known[place].revision, outOfSight.take(place));
    quiz.markOnSheet(place, entry.answer);
    if (quarrels.about(place)) {
      quarrels.about(place).mine = entry.answer;
      quarrels.ask(place);
      return;
    }
    if (!isAway) {
      say(""); // 已保存 was said of the answer before this one
      saying.saySlowly("正在保存");
    }
    outbox.send();
  }

  /** A text is saved when its writer pauses. */
  function keepOnTyping() {
    window.clearTimeout(typing);
    typing = window.setTimeout(record, TYPING_PAUSE_MS);
    if (!isAway) {
      say("");
    }
  }

  function finishTyping() {
    if (typing) {
      record();
    }
  }

  function show(position) {
    place = position;
    const waiting = outbox.waitingAt(position);
    question.show(questions[position - 1], waiting ? waiting.answer : known[position].answer, urls.saveUrl.replace(/0$/, String(position)));
    form.elements.revision.value = known[position].revision;
    quiz.showOnSheet(position);
    form.querySelector(".sheet-fold").open = false;
    if (!isAway && !isStopped) {
      say("");
    }
    window.scrollTo(0, 0);
    byId("place").focus({ preventScroll: true });
    quarrels.ask(place);
  }

  /** Where the back button leads: shown from here, or by the server where nothing is known of the paper yet. */
  function showAgain(position) {
    if (questions && position >= 1 && position <= total) {
      show(position);
    } else {
      window.location.reload();
    }
  }

  function freeze(isFrozen) {
    if (form) {
      form.querySelector("fieldset").disabled = isFrozen;
    }
  }

  /** The attempt has ended: there is nowhere to go but to the result. */
  function stayHere() {
    document.querySelectorAll(".move, .sheet-fold, .hand-in").forEach(function (part) { part.hidden = true; });
  }

  // --- moving --------------------------------------------------------------------------------------------------------

  async function move(where) {
    finishTyping();
    if (turns && where !== "sheet") {
      return where === "next" ? turns.goOn() : outbox.sendNow();
    }
    const target = where === "next" ? place + 1 : where === "previous" ? place - 1 : Number(where);
    if (where === "sheet" || target > total) {
      return leaveFor(urls.sheetUrl);
    }
    if (target < 1 || target === place || isStopped) {
      return undefined;
    }
    if (!questions) {
      try {
        await refresh();
      } catch (error) {
        return say(outbox.kept().length ? AWAY : "网络断开，连上后再换题。答案都在。", "is-away");
      }
    }
    if (questions && !isStopped) {
      show(target);
      window.history.pushState({ place: target }, "", "?q=" + target);
    }
    return undefined;
  }

  /** Only once everything is saved and the server answers: the next page is the server's, and counts what it has. */
  async function leaveFor(url) {
    await outbox.sendNow();
    if (isAsking() || outbox.kept().length) {
      return undefined; // said already
    }
    try {
      await refresh();
    } catch (error) {
      return say("网络断开，连上后再打开答题卡。答案都已保存。", "is-away");
    }
    if (!isStopped) {
      window.location.assign(url);
    }
    return undefined;
  }

  /** Somebody is looking again, or there is a network again. Who signed in meanwhile goes on where they were. */
  function comeBack() {
    if (isStopped && !isSignedOut) {
      return;
    }
    isStopped = false;
    isSignedOut = false;
    outbox.resume();
    outbox.sendNow();
    quietly(refresh());
  }

  function begin() {
    if (form) {
      known[place] = { answer: question.answer(), revision: Number(form.elements.revision.value) };
      const waiting = outbox.waitingAt(place);
      if (waiting) {
        question.showAnswer(waiting.answer);
        known[place].revision = waiting.revision;
      } else if (question.isTouched()) {
        record(); // given before this script was there
      }
      window.history.replaceState({ place: place }, "", "?q=" + place);
      listening.toQuestion();
    }
    outbox.kept().forEach(function (entry) { quiz.markOnSheet(entry.position, entry.answer); });
    ending.listen();
    say("");
    listening.toTheWorld();
    outbox.send();
    // A page opened within the grace has no time left from the start.
    quietly(refresh().then(function (left) { return left === 0 ? ending.timeUp() : undefined; }));
  }

  begin();
})();
