// A page that waits for a file shows how far it has come. Without this script a link asks again.
(function () {
  'use strict';

  const ASK_EVERY_MS = 2000;

  function ask() {
    const request = new XMLHttpRequest();
    request.open('GET', window.location.href);
    request.onload = function () {
      const fresh = request.status === 200 && new DOMParser().parseFromString(request.responseText, 'text/html').getElementById('files');
      if (fresh) document.getElementById('files').replaceWith(fresh);
    };
    request.onloadend = again;
    request.send();
  }

  function again() {
    const files = document.getElementById('files');
    if (files && files.hasAttribute('data-waiting')) setTimeout(ask, ASK_EVERY_MS);
  }

  again();
})();
