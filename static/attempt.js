/*
 * Saves each answer as it is given, and moves between questions without loading a page, so that a lift without network
 * stops nobody. Without this script the same form saves on every button.
 *
 * An answer stays in the browser (localStorage, keyed by attempt) until the server has said `saved: true`. Answers go
 * out one at a time, in the order they were given. A repeat, whose first reply was lost, carries the same device and
 * seq, by which the server knows it.
 */
(function () {
  "use strict";

  const facts = document.getElementById("hand-in");
  if (!facts) {
    return;
  }
  const urls = facts.dataset;
  const form = document.getElementById("question"); // not there on the answer sheet
  const state = document.getElementById("save-state");
  const csrfToken = document.querySelector("meta[name=csrf-token]").content;
  const KEPT_UNDER = "quiz.attempt." + urls.attempt;
  const GIVE_UP_AFTER_MS = 10000;
  const LONGEST_WAIT_MS = 15000;
  const TYPING_PAUSE_MS = 800;
  const AWAY = "网络断开，答案先留在本机，连上后自动保存。请不要关闭页面。";
  const AWAY_AT_THE_END = "时间到。网络断开，连上后自动交卷。";
  const TROUBLE = "服务器正忙，答案先留在本机，稍后自动保存。请不要关闭页面。";

  const device = randomName();
  let seq = 0;
  let place = form ? Number(form.dataset.position) : 0;
  const total = form ? Number(form.dataset.total) : 0;
  let questions = null; // as GET /attempts/<id> gives them
  const known = {}; // by position: {answer, revision} as last heard from the server
  const quarrels = {}; // by position: {mine, theirs, revision}
  let isLeaving = false;

  function byId(id) {
    return document.getElementById(id);
  }

  function randomName() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  // --- what the server does not have yet -----------------------------------------------------------------------------

  let keptHere = []; // where the browser refuses to store anything

  function kept() {
    try {
      return JSON.parse(window.localStorage.getItem(KEPT_UNDER)) || [];
    } catch (error) {
      return keptHere;
    }
  }

  function keepAll(entries) {
    keptHere = entries;
    try {
      if (entries.length) {
        window.localStorage.setItem(KEPT_UNDER, JSON.stringify(entries));
      } else {
        window.localStorage.removeItem(KEPT_UNDER);
      }
    } catch (error) {
      // keptHere has them as long as the page is open
    }
  }

  function keptAt(position) {
    return kept().find(function (entry) { return entry.position === position; });
  }

  function keep(entry) {
    keepAll(kept().filter(function (other) { return other.position !== entry.position; }).concat([entry]));
  }

  function drop(entry) {
    keepAll(kept().filter(function (other) {
      return other.position !== entry.position || other.device !== entry.device || other.seq !== entry.seq;
    }));
  }

  // --- what the page says --------------------------------------------------------------------------------------------

  let slowly = null;

  function say(text, kind) {
    window.clearTimeout(slowly);
    state.className = "save-state" + (kind ? " " + kind : "");
    state.textContent = text;
  }

  /** Said only when the answer takes its time, so that nothing flickers. */
  function saySlowly(text) {
    window.clearTimeout(slowly);
    slowly = window.setTimeout(function () { say(text); }, 600);
  }

  function tellTime(milliseconds) {
    document.dispatchEvent(new CustomEvent("quiz:remaining", { detail: milliseconds }));
  }

  // --- sending -------------------------------------------------------------------------------------------------------

  let sending = null;
  let isStopped = false;
  let isAway = kept().length > 0; // an earlier page could not send these
  let savedSinceAway = 0;
  let tries = 0;
  let retryTimer = null;

  function request(url, options) {
    const controller = new AbortController();
    const timer = window.setTimeout(function () { controller.abort(); }, GIVE_UP_AFTER_MS);
    function done(value) {
      window.clearTimeout(timer);
      return value;
    }
    const headers = Object.assign({ Accept: "application/json" }, options.headers);
    return fetch(url, Object.assign({ credentials: "same-origin", cache: "no-store", signal: controller.signal }, options, { headers: headers }))
      .then(done, function (error) { done(); throw error; });
  }

  function put(entry) {
    return request(urls.saveUrl.replace(/0$/, String(entry.position)), {
      method: "PUT",
      keepalive: true,
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken },
      body: JSON.stringify({ answer: entry.answer, revision: entry.revision, device: entry.device, seq: entry.seq }),
    });
  }

  /** Sends everything that waits. The promise is kept when nothing more can be sent for now. */
  function send() {
    if (!sending) {
      window.clearTimeout(retryTimer);
      sending = sendAll().then(function () { sending = null; }, function (error) { sending = null; throw error; });
    }
    return sending;
  }

  async function sendAll() {
    for (;;) {
      const entry = kept().find(function (waiting) { return !quarrels[waiting.position]; });
      if (!entry || isStopped || !(await sendOne(entry))) {
        return;
      }
    }
  }

  /** Whether to go on with the next one. */
  async function sendOne(entry) {
    let reply;
    let body;
    try {
      reply = await put(entry);
      body = await reply.json();
    } catch (error) {
      return later(AWAY);
    }
    if (reply.ok && body.saved) {
      return wasSaved(entry, body);
    }
    if (body.reason === "superseded") {
      return quarrel(entry, body);
    }
    if (body.reason === "ended") {
      return finish();
    }
    if (reply.status === 429 || reply.status >= 500) {
      return later(TROUBLE);
    }
    return refused(entry, reply.status, body);
  }

  function later(words) {
    isAway = true;
    say(isTimeUp ? AWAY_AT_THE_END : words, "is-away");
    tries += 1;
    const wait = Math.min(LONGEST_WAIT_MS, 500 * Math.pow(2, tries)) * (0.5 + Math.random() / 2);
    window.clearTimeout(retryTimer);
    retryTimer = window.setTimeout(send, wait);
    return false;
  }

  function wasSaved(entry, body) {
    drop(entry);
    tries = 0;
    learn(entry.position, body.answer === undefined ? entry.answer : body.answer, body.revision);
    tellTime(body.remaining_ms);
    if (isAway) {
      savedSinceAway += 1;
    }
    if (!kept().length) {
      say(isAway ? "已连上，" + savedSinceAway + " 题已补存" : "已保存", "is-saved");
      isAway = false;
      savedSinceAway = 0;
    }
    return true;
  }

  function refused(entry, status, body) {
    if (status === 401) {
      isStopped = true;
      say("您已退出登录，答案先留在本机。", "is-away");
      const link = document.createElement("a");
      link.href = urls.signInUrl;
      link.textContent = "重新登录，接着答题";
      state.appendChild(link);
      isLeaving = true; // the browser need not ask again: what is kept is sent after signing in
      return false;
    }
    const isHopeless = status === 413 || status === 422;
    if (isHopeless) {
      drop(entry);
    } else {
      isStopped = true;
    }
    say(body.message || TROUBLE, "is-away");
    return isHopeless;
  }

  // --- two devices ---------------------------------------------------------------------------------------------------

  function inWords(answer) {
    const given = Array.isArray(answer) ? answer : answer ? [answer] : [];
    if (!given.some(Boolean)) {
      return "“没有作答”";
    }
    return given.every(function (item) { return /^[A-H]$/.test(item); }) ? given.join("") : "“" + given.join("；") + "”";
  }

  function quarrel(entry, body) {
    if (inWords(entry.answer) === inWords(body.answer)) {
      drop(entry);
      learn(entry.position, body.answer, body.revision);
      return true;
    }
    quarrels[entry.position] = { mine: entry.answer, theirs: body.answer, revision: body.revision };
    if (entry.position === place) {
      showQuarrel();
    } else {
      say("第 " + entry.position + " 题刚在另一台设备上改过，请回到第 " + entry.position + " 题看看用哪个答案。", "is-away");
    }
    return true;
  }

  function showQuarrel() {
    const box = byId("quarrel");
    const about = quarrels[place];
    box.hidden = !about;
    box.textContent = "";
    if (!about) {
      return;
    }
    const [mine, theirs] = [inWords(about.mine), inWords(about.theirs)];
    const words = document.createElement("p");
    words.textContent = "这道题刚在另一台设备上改成了 " + theirs + "。用 " + theirs + "，还是用这里的 " + mine + "？";
    box.setAttribute("role", "alert");
    box.appendChild(words);
    box.appendChild(quietButton("用 " + theirs, function () { settle(about.theirs, about.revision, false); }));
    box.appendChild(quietButton("用 " + mine, function () { settle(about.mine, about.revision, true); }));
    box.scrollIntoView({ block: "center" });
    say("");
  }

  function quietButton(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet";
    button.textContent = label;
    button.addEventListener("click", act);
    return button;
  }

  function settle(answer, revision, isMine) {
    const waiting = keptAt(place);
    delete quarrels[place];
    showQuarrel();
    learn(place, answer, revision);
    showAnswer(answer);
    if (isMine) {
      record();
    } else {
      if (waiting) {
        drop(waiting);
      }
      say("已保存", "is-saved");
      send();
    }
  }

  // --- what is known of the paper ------------------------------------------------------------------------------------

  function isAnswered(answer) {
    return Array.isArray(answer) ? answer.some(Boolean) : Boolean(answer);
  }

  function learn(position, answer, revision) {
    known[position] = { answer: answer, revision: revision };
    if (form && position === place) {
      form.elements.revision.value = revision;
    }
    if (!keptAt(position)) {
      markOnSheet(position, isAnswered(answer));
    }
  }

  function markOnSheet(position, isDone) {
    const sheet = byId("sheet");
    const button = sheet && sheet.children[position - 1];
    if (!button) {
      return;
    }
    button.classList.toggle("done", isDone);
    button.setAttribute("aria-label", "第 " + position + " 题，" + (isDone ? "已答" : "没答"));
    byId("answered").textContent = sheet.querySelectorAll(".done").length;
  }

  /** Asks the server how things stand: time left, answers given elsewhere, whether the attempt still runs. */
  async function refresh() {
    const reply = await request(urls.stateUrl, {});
    if (reply.status === 401) {
      return refused(null, 401, {});
    }
    if (!reply.ok) {
      throw new Error("no state");
    }
    const body = await reply.json();
    if (body.state === "ended") {
      return finish();
    }
    tellTime(body.remaining_ms);
    questions = body.questions;
    questions.forEach(hear);
    fetchPictures();
    return body.remaining_ms;
  }

  /**
   * A reply may be older than a save that came between: only a higher revision is news. Where an answer still waits
   * here, it was given on the revision it carries, and the server must be asked with that one.
   */
  function hear(question) {
    const before = known[question.position];
    const waiting = keptAt(question.position);
    if (before && (waiting || before.revision >= question.revision)) {
      return;
    }
    learn(question.position, question.answer, waiting ? waiting.revision : question.revision);
    if (waiting) {
      return;
    }
    if (form && question.position === place && !typing) {
      showAnswer(question.answer);
    }
  }

  // --- one question --------------------------------------------------------------------------------------------------

  function controls() {
    return Array.from(form.querySelectorAll("#options input[name=answer]"));
  }

  function isText() {
    return form.dataset.kind === "fill_blank";
  }

  function answerHere() {
    if (!isText()) {
      return controls().filter(function (input) { return input.checked; }).map(function (input) { return input.value; });
    }
    const texts = controls().map(function (input) { return input.value; });
    return texts.length === 1 ? texts[0] : texts.some(Boolean) ? texts : [];
  }

  function showAnswer(answer) {
    const given = Array.isArray(answer) ? answer : [answer];
    controls().forEach(function (input, index) {
      if (isText()) {
        input.value = given[index] || "";
      } else {
        input.checked = given.indexOf(input.value) >= 0;
      }
    });
  }

  /** Whether the controls differ from what the server's page said. */
  function isTouched() {
    return controls().some(function (input) {
      return isText() ? input.value !== input.defaultValue : input.checked !== input.defaultChecked;
    });
  }

  function record() {
    window.clearTimeout(typing);
    typing = null;
    seq += 1;
    const entry = { position: place, answer: answerHere(), revision: known[place].revision, device: device, seq: seq };
    keep(entry);
    markOnSheet(place, isAnswered(entry.answer));
    if (quarrels[place]) {
      quarrels[place].mine = entry.answer;
      showQuarrel();
      return;
    }
    if (!isAway) {
      say(""); // 已保存 was said of the answer before this one
      saySlowly("正在保存");
    }
    send();
  }

  let typing = null;

  function choiceRow(question, option) {
    const label = document.createElement("label");
    label.className = "choice";
    const input = document.createElement("input");
    input.type = question.kind === "multiple_choice" ? "checkbox" : "radio";
    input.name = "answer";
    input.value = option.letter;
    const face = document.createElement("span");
    face.className = "choice-face";
    face.appendChild(textIn("b", "letter", option.letter));
    const text = textIn("span", "option-text", option.text);
    showPictures(text, option.pictures || [], "选项 " + option.letter + " 的图");
    face.appendChild(text);
    label.appendChild(input);
    label.appendChild(face);
    return label;
  }

  function showPictures(place, pictures, alt) {
    pictures.forEach(function (picture, index) {
      const image = document.createElement("img");
      image.className = "picture";
      image.width = picture.width;
      image.height = picture.height;
      image.alt = alt + (pictures.length > 1 ? index + 1 : "");
      image.src = picture.url;
      place.appendChild(image);
    });
  }

  let fetched = null; // held, so that the browser keeps them for when there is no network

  function fetchPictures() {
    fetched = fetched || questions.reduce(function (all, question) {
      return question.options.reduce(function (list, option) { return list.concat(option.pictures || []); }, all.concat(question.pictures));
    }, []).map(function (picture) {
      const image = new Image();
      image.src = picture.url;
      return image;
    });
  }

  function blankRow(question, number) {
    const label = document.createElement("label");
    label.className = "blank";
    label.appendChild(textIn("span", "", question.blanks > 1 ? "第 " + number + " 空" : "填在这里"));
    const input = document.createElement("input");
    input.type = "text";
    input.name = "answer";
    input.maxLength = 500;
    input.autocapitalize = "off";
    input.spellcheck = false;
    label.appendChild(input);
    return label;
  }

  function textIn(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  function show(position) {
    const question = questions[position - 1];
    place = position;
    form.dataset.position = position;
    form.dataset.kind = question.kind;
    form.action = urls.saveUrl.replace(/0$/, String(position));
    form.elements.revision.value = known[position].revision;
    byId("place").textContent = "第 " + position + "/" + total + " 题";
    document.title = document.title.replace(/第 \d+\/\d+ 题/, "第 " + position + "/" + total + " 题");
    byId("kind").textContent = question.kind_label;
    byId("worth").textContent = question.points + " 分";
    byId("hint").textContent = question.hint;
    byId("stem").textContent = question.stem;
    byId("pictures").textContent = "";
    showPictures(byId("pictures"), question.pictures, "第 " + question.position + " 题的图");
    const rows = byId("options");
    rows.textContent = "";
    question.options.forEach(function (option) { rows.appendChild(choiceRow(question, option)); });
    for (let number = 1; number <= question.blanks; number += 1) {
      rows.appendChild(blankRow(question, number));
    }
    const waiting = keptAt(position);
    showAnswer(waiting ? waiting.answer : known[position].answer);
    form.querySelector(".move [value=previous]").disabled = position === 1;
    byId("next").textContent = position === total ? "去交卷" : "下一题";
    Array.from(byId("sheet").children).forEach(function (button, index) {
      if (index + 1 === position) {
        button.setAttribute("aria-current", "true");
      } else {
        button.removeAttribute("aria-current");
      }
    });
    form.querySelector(".sheet-fold").open = false;
    if (!isAway && !isStopped) {
      say("");
    }
    showQuarrel();
    window.scrollTo(0, 0);
    byId("place").focus({ preventScroll: true });
  }

  // --- moving --------------------------------------------------------------------------------------------------------

  async function move(where) {
    if (typing) {
      record();
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
        return say(kept().length ? AWAY : "网络断开，连上后再换题。答案都在。", "is-away");
      }
    }
    if (questions && !isLeaving) {
      show(target);
      window.history.pushState({ place: target }, "", "?q=" + target);
    }
    return undefined;
  }

  /** Only once everything is saved: the next page is the server's, and counts what the server has. */
  async function leaveFor(url) {
    await send();
    const waiting = kept();
    if (!waiting.length) {
      isLeaving = true;
      window.location.assign(url);
    } else if (quarrels[waiting[0].position]) {
      show(waiting[0].position);
    }
  }

  function finish() {
    keepAll([]);
    isLeaving = true;
    isStopped = true;
    window.location.replace(urls.resultUrl);
    return false;
  }

  // --- handing in ----------------------------------------------------------------------------------------------------

  function carried() {
    const fields = new URLSearchParams();
    fields.append("csrf_token", csrfToken);
    kept().forEach(function (entry) {
      const answer = Array.isArray(entry.answer) ? entry.answer : [entry.answer];
      (answer.length ? answer : [""]).forEach(function (value) { fields.append("a" + entry.position, value); });
    });
    return fields;
  }

  /** Whether it went through. What is kept goes with it, in the same transaction. */
  async function handIn() {
    try {
      const reply = await request(facts.action, { method: "POST", body: carried(), redirect: "manual" });
      if (reply.type === "opaqueredirect" || reply.ok) {
        finish();
        return true;
      }
      if (reply.status === 401) {
        refused(null, 401, {});
      } else if (reply.status === 403) {
        window.location.reload();
      } else if (reply.status === 422) {
        keepAll([]); // an answer nobody can read must not stand in the way of the others
      }
    } catch (error) {
      // said by whoever asked
    }
    return false;
  }

  let isTimeUp = false;
  let isEnding = false;

  async function timeUp() {
    if (isEnding || isStopped) {
      return;
    }
    isEnding = true;
    const isSettled = await endIfOver().catch(function () { return false; });
    isEnding = false;
    if (!isSettled && !isStopped) {
      freeze(true);
      say(AWAY_AT_THE_END, "is-away");
      window.setTimeout(timeUp, 1000 + Math.random() * 2000);
    }
  }

  /** The server decides: there may have been time given back. */
  async function endIfOver() {
    const left = await refresh();
    if (left > 500 || isStopped) {
      freeze(false);
      return true;
    }
    freeze(true);
    say("时间到，正在交卷");
    return handIn();
  }

  function freeze(isFrozen) {
    isTimeUp = isFrozen;
    if (form) {
      form.querySelector("fieldset").disabled = isFrozen;
    }
  }

  async function handInByHand(button) {
    button.disabled = true;
    await send();
    if (!isStopped && !(await handIn()) && !isStopped) {
      button.disabled = false;
      say("网络断开，还没有交卷。连上后请再点一次“交卷”。", "is-away");
    }
  }

  // --- what people do ------------------------------------------------------------------------------------------------

  function listenToQuestion() {
    let pressed = "next";
    form.addEventListener("click", function (event) {
      const button = event.target.closest("button[name=go]");
      pressed = button ? button.value : pressed;
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      move(pressed);
      pressed = "next";
    });
    form.addEventListener("change", function (event) {
      if (event.target.name === "answer" && (!isText() || typing)) {
        record();
      }
    });
    form.addEventListener("input", function (event) {
      if (isText() && event.target.name === "answer") {
        window.clearTimeout(typing);
        typing = window.setTimeout(record, TYPING_PAUSE_MS);
        if (!isAway) {
          say("");
        }
      }
    });
    document.addEventListener("keydown", onKey);
    window.addEventListener("popstate", function () {
      const asked = Number((/[?&]q=(\d+)/.exec(window.location.search) || [0, 1])[1]);
      if (questions && asked >= 1 && asked <= total) {
        show(asked);
      } else {
        window.location.reload();
      }
    });
  }

  function onKey(event) {
    const target = event.target;
    const isTyped = target.tagName === "TEXTAREA" || (target.tagName === "INPUT" && target.type === "text");
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyped || isTimeUp) {
      return;
    }
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      move(event.key === "ArrowLeft" ? "previous" : place === total ? "" : "next");
      return;
    }
    const index = /^[a-h]$/i.test(event.key) ? event.key.toUpperCase().charCodeAt(0) - 65 : Number(event.key) - 1;
    const chosen = /^[a-h1-8]$/i.test(event.key) && !isText() && controls()[index];
    if (chosen) {
      event.preventDefault();
      chosen.focus();
      chosen.click();
    }
  }

  function listenToHandIn() {
    const sheetForm = document.querySelector("form[data-hand-in]");
    if (sheetForm) {
      sheetForm.addEventListener("submit", function (event) {
        event.preventDefault();
        handInByHand(sheetForm.querySelector("button"));
      });
    }
  }

  /** The next person must not find a form in which somebody's answers are still waiting. */
  function listenToSignOut() {
    document.querySelectorAll("form[data-sign-out]").forEach(function (out) {
      out.addEventListener("submit", async function (event) {
        if (typing) {
          record();
        }
        if (!kept().length || isStopped) {
          return;
        }
        event.preventDefault();
        await send();
        if (kept().length) {
          say("还有 " + kept().length + " 题没有存到服务器，请等连上网再退出。", "is-away");
        } else {
          out.submit();
        }
      });
    });
  }

  function quietly(promise) {
    promise.catch(function () {});
  }

  function begin() {
    if (form) {
      known[place] = { answer: answerHere(), revision: Number(form.elements.revision.value) };
      const waiting = keptAt(place);
      if (waiting) {
        showAnswer(waiting.answer);
      } else if (isTouched()) {
        record(); // given before this script was there
      }
      window.history.replaceState({ place: place }, "", "?q=" + place);
      listenToQuestion();
    }
    kept().forEach(function (entry) { markOnSheet(entry.position, isAnswered(entry.answer)); });
    listenToHandIn();
    listenToSignOut();
    state.textContent = "";
    document.addEventListener("quiz:time-up", timeUp);
    window.addEventListener("online", function () {
      tries = 0;
      send();
    });
    document.addEventListener("visibilitychange", function () {
      if (document.visibilityState === "visible" && !isStopped) {
        quietly(refresh());
        send();
      }
    });
    window.addEventListener("beforeunload", function (event) {
      if (!isLeaving && (typing || kept().length)) {
        event.preventDefault();
        event.returnValue = "";
      }
    });
    send();
    // A page opened within the grace has no time left from the start.
    quietly(refresh().then(function (left) { return left === 0 ? timeUp() : undefined; }));
  }

  begin();
})();
