/*
 * Answers that the server does not have yet. An answer stays in the browser (localStorage, keyed by attempt) until the
 * server has said `saved: true`, so that neither a lift nor a phone that kills the page loses one. Answers go out one at
 * a time, in the order they were given. A repeat, whose first reply was lost, carries the same device and seq, by which
 * the server knows it.
 */
(function () {
  "use strict";

  const quiz = window.quiz;
  const GIVE_UP_AFTER_MS = 10000;
  const LONGEST_WAIT_MS = 15000;
  const LONGEST_AWAY_MS = 24 * 3600 * 1000; // the server takes no more

  /** fetch that ends some time: JSON is wanted, nothing comes from a cache. */
  quiz.request = function (url, options) {
    const controller = new AbortController();
    const timer = window.setTimeout(function () { controller.abort(); }, GIVE_UP_AFTER_MS);
    function done(value) {
      window.clearTimeout(timer);
      return value;
    }
    const wanted = Object.assign({ credentials: "same-origin", cache: "no-store", signal: controller.signal }, options);
    wanted.headers = Object.assign({ Accept: "application/json" }, wanted.headers);
    return fetch(url, wanted).then(done, function (error) { done(); throw error; });
  };

  /** Nobody can read the answer, or its question was closed (turns.js): sending it again would not help. */
  quiz.isOfNoUse = function (status, body) {
    return status === 413 || status === 422 || body.reason === "question_closed" || body.reason === "question_not_open";
  };

  function randomName() {
    const bytes = window.crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, function (byte) { return ("0" + byte.toString(16)).slice(-2); }).join("");
  }

  /**
   * `on` hears how it goes: saved(entry, reply), superseded(entry, reply), ended(), away(status; 0: no network),
   * signedOut(), refused(entry, status, reply). It says isHeld(position) where a quarrel has to be settled first.
   */
  quiz.Outbox = function (attempt, saveUrl, csrfToken, on) {
    const name = quiz.KEPT_UNDER + attempt;
    const device = randomName();
    let seq = 0;
    let keptHere = []; // where the browser refuses to store anything
    let isStored = true;
    let sending = null;
    let isStopped = false;
    let tries = 0;
    let retryTimer = null;

    function kept() {
      try {
        return isStored ? JSON.parse(window.localStorage.getItem(name)) || [] : keptHere;
      } catch (error) {
        return keptHere;
      }
    }

    function keepAll(entries) {
      keptHere = entries;
      try {
        if (entries.length) {
          window.localStorage.setItem(name, JSON.stringify(entries));
        } else {
          window.localStorage.removeItem(name);
        }
        isStored = true;
      } catch (error) {
        isStored = false; // keptHere has them as long as the page is open
      }
    }

    function waitingAt(position) {
      return kept().find(function (entry) { return entry.position === position; });
    }

    /** The answer given last at a position takes the place of one that still waits there. */
    function keep(position, answer, revision, awayMs) {
      seq += 1;
      const before = waitingAt(position);
      const away = Math.min(LONGEST_AWAY_MS, awayMs + ((before && before.away) || 0));
      const entry = { position: position, answer: answer, revision: revision, device: device, seq: seq, away: away };
      keepAll(kept().filter(function (other) { return other.position !== position; }).concat([entry]));
      return entry;
    }

    function drop(entry) {
      keepAll(kept().filter(function (other) {
        return other.position !== entry.position || other.device !== entry.device || other.seq !== entry.seq;
      }));
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
        const entry = kept().find(function (waiting) { return !on.isHeld(waiting.position); });
        if (!entry || isStopped || !(await sendOne(entry))) {
          return;
        }
      }
    }

    function put(entry) {
      return quiz.request(saveUrl.replace(/0$/, String(entry.position)), {
        method: "PUT",
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken },
        body: JSON.stringify({
          answer: entry.answer,
          revision: entry.revision,
          device: entry.device,
          seq: entry.seq,
          away_ms: entry.away || 0,
        }),
      });
    }

    /** Whether to go on with the next one. */
    async function sendOne(entry) {
      let reply;
      let body;
      try {
        reply = await put(entry);
        body = await reply.json();
      } catch (error) {
        return later(0);
      }
      if (reply.status === 429 || reply.status >= 500) {
        return later(reply.status);
      }
      tries = 0;
      return hear(entry, reply, body);
    }

    function hear(entry, reply, body) {
      if (reply.ok && body.saved) {
        drop(entry);
        on.saved(entry, body);
        return true;
      }
      if (body.reason === "superseded") {
        on.superseded(entry, body);
        return true;
      }
      if (quiz.isOfNoUse(reply.status, body)) {
        drop(entry); // it must not stand in the way of the others
        on.refused(entry, reply.status, body);
        return true;
      }
      isStopped = true;
      if (body.reason === "ended") {
        on.ended();
      } else if (reply.status === 401) {
        on.signedOut();
      } else {
        on.refused(entry, reply.status, body);
      }
      return false;
    }

    function later(status) {
      on.away(status);
      tries += 1;
      const wait = Math.min(LONGEST_WAIT_MS, 500 * Math.pow(2, tries)) * (0.5 + Math.random() / 2);
      window.clearTimeout(retryTimer);
      retryTimer = window.setTimeout(send, wait);
      return false;
    }

    quiz.unsent = function () { return kept().length; };

    return {
      kept: kept,
      waitingAt: waitingAt,
      keep: keep,
      drop: drop,
      clear: function () { keepAll([]); },
      send: send,
      sendNow: function () { tries = 0; return send(); },
      stop: function () { isStopped = true; },
      resume: function () { isStopped = false; },
    };
  };
})();
