/*
 * The time left. The server alone knows it: the page says how much was left when it was made, and every reply of the
 * server corrects that ("quiz:remaining"). Small corrections are spread over some seconds, so that nothing jumps.
 * When nothing is left, "quiz:time-up" is said once; attempt.js then asks the server and hands in. The phone's own clock
 * and zone may be as wrong as they like: where it leaps beside the time that passed, the phone slept or was set, and the
 * server is asked ("quiz:ask").
 */
(function () {
  "use strict";

  const clock = document.getElementById("clock");
  if (!clock) {
    return;
  }
  const face = document.getElementById("clock-face");
  const spoken = document.getElementById("clock-spoken");
  const label = clock.dataset.label;
  const SPREAD_MS = 200; // at most this much of a correction within one second
  const AT_ONCE_MS = 2500; // more than this is no drift: the phone slept, or time was given back
  const SAID_AT_S = [300, 60, 10];

  let end = pageWasMadeAt() + Number(clock.dataset.remainingMs);
  let owed = 0;
  let isUp = false;
  let timer = null;
  let lastSeconds = null;
  let phoneIsAhead = Date.now() - performance.now();

  /** performance.now() of the moment the server's answer began to arrive. */
  function pageWasMadeAt() {
    const entries = performance.getEntriesByType ? performance.getEntriesByType("navigation") : [];
    return entries.length && entries[0].responseStart ? entries[0].responseStart : performance.now();
  }

  function twoDigits(number) {
    return (number < 10 ? "0" : "") + number;
  }

  function inDigits(seconds) {
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    const rest = twoDigits(seconds % 60);
    return hours ? hours + ":" + twoDigits(minutes) + ":" + rest : minutes + ":" + rest;
  }

  /** Also where a sleepy tab ticks once a minute and passes the second itself by. */
  function sayOnTheWay(seconds) {
    const passed = SAID_AT_S.filter(function (mark) { return lastSeconds > mark && seconds <= mark && seconds > 0; });
    lastSeconds = seconds;
    if (passed.length) {
      spoken.textContent = label + " " + (seconds > 10 ? Math.ceil(seconds / 60) + " 分钟" : seconds + " 秒");
    }
  }

  function askWherePhoneLeapt() {
    const ahead = Date.now() - performance.now();
    if (Math.abs(ahead - phoneIsAhead) > AT_ONCE_MS) {
      document.dispatchEvent(new CustomEvent("quiz:ask"));
    }
    phoneIsAhead = ahead;
  }

  function tick() {
    askWherePhoneLeapt();
    const step = Math.max(-SPREAD_MS, Math.min(SPREAD_MS, owed));
    end += step;
    owed -= step;
    const left = Math.max(0, end - performance.now());
    const seconds = Math.ceil(left / 1000);
    const text = inDigits(seconds);
    if (face.textContent !== text) {
      face.textContent = text;
      sayOnTheWay(seconds);
    }
    if (left <= 0 && !isUp) {
      isUp = true;
      document.dispatchEvent(new CustomEvent("quiz:time-up"));
    }
    window.clearTimeout(timer);
    timer = window.setTimeout(tick, left % 1000 || 1000);
  }

  document.addEventListener("quiz:remaining", function (event) {
    const difference = performance.now() + event.detail - end;
    if (Math.abs(difference) > AT_ONCE_MS) {
      end += difference;
      owed = 0;
    } else {
      owed = difference;
    }
    if (event.detail > 0) {
      isUp = false;
    }
    tick();
  });

  document.getElementById("clock-label").textContent = label;
  tick();
})();
