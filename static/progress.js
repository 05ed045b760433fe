// A form whose work takes long is sent by script, and the page says how far it has come. Without this script the form
// is sent as usual and the page waits.
(function () {
  'use strict';

  const ASK_EVERY_MS = 300;

  document.querySelectorAll('form[data-progress]').forEach(function (form) {
    form.addEventListener('submit', function (event) {
      if (!window.FormData || !window.DOMParser) return;
      event.preventDefault();
      send(form);
    });
  });

  function send(form) {
    const button = form.querySelector('button[type="submit"]');
    const shown = panel(form);
    const request = new XMLHttpRequest();
    let timer = 0;

    button.disabled = true;
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json, text/html;q=0.9');
    request.upload.onprogress = function (event) {
      if (event.lengthComputable) shown.say('正在上传', event.loaded, event.total, true);
    };
    request.upload.onload = function () {
      shown.say('已上传，正在读取', 0, 0);
      ask();
    };
    request.onload = function () {
      clearTimeout(timer);
      timer = -1;
      const next = nextOf(request);
      if (next) window.location.assign(next);
      else show(request.responseText, form);
    };
    request.onerror = function () {
      clearTimeout(timer);
      timer = -1;
      button.disabled = false;
      shown.say('网络断开，没有上传完。请再点一次。', 0, 0);
    };
    request.send(new FormData(form));

    function ask() {
      const question = new XMLHttpRequest();
      question.open('GET', form.dataset.progress);
      question.setRequestHeader('Accept', 'application/json');
      question.onload = function () {
        const work = question.status === 200 ? parsed(question.responseText) : null;
        if (timer !== -1 && work && work.stage) shown.say('正在' + work.stage, work.done, work.total);
      };
      question.onloadend = function () {
        if (timer !== -1) timer = setTimeout(ask, ASK_EVERY_MS);
      };
      question.send();
    }
  }

  function nextOf(request) {
    const answer = request.status === 200 ? parsed(request.responseText) : null;
    return answer && answer.next;
  }

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch (_error) {
      return null;
    }
  }

  // The page that came instead of the next one: its messages stand where they would without a script.
  function show(html, form) {
    const main = new DOMParser().parseFromString(html, 'text/html').querySelector('main');
    const old = document.querySelector('main');
    if (!main || !old) {
      form.submit();
      return;
    }
    old.replaceWith(main);
    main.querySelectorAll('form[data-progress]').forEach(function (again) {
      again.addEventListener('submit', function (event) {
        event.preventDefault();
        send(again);
      });
    });
    const message = main.querySelector('[role="alert"], .error');
    if (message) {
      message.setAttribute('tabindex', '-1');
      message.focus();
    }
  }

  function panel(form) {
    const old = form.querySelector('.progress');
    if (old) old.remove();
    const box = document.createElement('div');
    const words = document.createElement('p');
    const bar = document.createElement('progress');
    box.className = 'progress';
    words.setAttribute('role', 'status');
    bar.className = 'bar';
    bar.setAttribute('aria-label', '进度');
    box.appendChild(words);
    box.appendChild(bar);
    form.appendChild(box);
    return {
      say: function (text, done, total, inPercent) {
        const count = inPercent ? Math.floor((done * 100) / total) + ' %' : '第 ' + done + ' 题，共 ' + total + ' 题';
        words.textContent = total ? text + '：' + count : text;
        bar.hidden = !total;
        if (total) {
          bar.max = total;
          bar.value = done;
        }
      },
    };
  }
})();
