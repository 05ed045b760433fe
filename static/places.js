// Street and unit fields complete themselves: the typed name finds places, the chosen one fills the hidden code.
// Without this script the server looks the typed names up.
(function () {
  'use strict';

  const WAIT_MS = 150;
  let number = 0;

  document.querySelectorAll('[data-place]').forEach(complete);
  document.querySelectorAll('input[name="kind"]').forEach(function (radio) {
    radio.addEventListener('change', showAudience);
  });
  const notListed = document.querySelector('input[name="unit_not_listed"]');
  if (notListed) notListed.addEventListener('change', showAudience);
  showAudience();

  // Residents see the street, employees the unit; the street comes back for a unit that is not in the list.
  function showAudience() {
    const chosen = document.querySelector('input[name="kind"]:checked');
    const kind = chosen ? chosen.value : '';
    document.querySelectorAll('[data-audience]').forEach(function (part) {
      const isForResidents = part.dataset.audience === 'resident';
      const wantsStreet = kind === 'resident' || (kind === 'employee' && notListed && notListed.checked);
      part.hidden = isForResidents ? !wantsStreet : kind !== 'employee';
    });
  }

  function complete(field) {
    const input = field.querySelector('input[type="text"]');
    const list = document.createElement('ul');
    const status = document.createElement('p');
    const id = 'places-' + (number += 1);
    let timer = 0;
    let asked = 0;
    let active = -1;

    list.id = id;
    list.className = 'places';
    list.hidden = true;
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', field.querySelector('label').textContent.trim());
    status.className = 'unseen';
    status.setAttribute('role', 'status');
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-expanded', 'false');
    input.setAttribute('aria-controls', id);
    input.parentNode.insertBefore(list, input.nextSibling);
    input.parentNode.insertBefore(status, list.nextSibling);

    input.addEventListener('input', function () {
      setCode('');
      clearTimeout(timer);
      timer = setTimeout(search, WAIT_MS);
    });
    input.addEventListener('focus', function () {
      if (!hasCode()) search();
    });
    input.addEventListener('blur', close);
    input.addEventListener('keydown', function (event) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (list.hidden) search();
        else move(event.key === 'ArrowDown' ? 1 : -1);
      } else if (event.key === 'Enter' && !list.hidden && active >= 0) {
        event.preventDefault();
        choose(list.children[active]);
      } else if (event.key === 'Escape') {
        close();
      }
    });
    // pointerdown would take the focus away before the tap counts.
    list.addEventListener('mousedown', function (event) { event.preventDefault(); });
    list.addEventListener('click', function (event) {
      const option = event.target.closest('[role="option"]');
      if (option) choose(option);
    });

    function hasCode() {
      const kept = field.querySelector('[data-code], [data-offered] input:checked');
      return Boolean(kept && kept.value);
    }

    // Choices that the server offered give way as soon as something else is typed.
    function setCode(value) {
      const offered = field.querySelector('[data-offered]');
      if (offered) {
        const hidden = document.createElement('input');
        hidden.type = 'hidden';
        hidden.name = offered.querySelector('input').name;
        hidden.setAttribute('data-code', '');
        offered.parentNode.replaceChild(hidden, offered);
      }
      field.querySelector('[data-code]').value = value;
    }

    function search() {
      const words = input.value.trim();
      const mine = (asked += 1);
      if (!words && field.dataset.place === 'unit') return close();
      fetch('/places?kind=' + encodeURIComponent(words ? field.dataset.place : 'street') + '&q=' + encodeURIComponent(words), {
        headers: { Accept: 'application/json' },
        credentials: 'same-origin'
      }).then(function (reply) {
        return reply.ok ? reply.json() : { places: [] };
      }).then(function (found) {
        if (mine === asked && document.activeElement === input) show(found.places);
      }).catch(close);
    }

    function show(places) {
      list.textContent = '';
      active = -1;
      input.removeAttribute('aria-activedescendant');
      places.forEach(function (place, index) {
        const option = document.createElement('li');
        option.id = id + '-' + index;
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', 'false');
        option.dataset.placeCode = place.code;
        option.dataset.placeName = place.name;
        option.textContent = place.name;
        if (place.hint) {
          const hint = document.createElement('span');
          hint.className = 'soft';
          hint.textContent = ' ' + place.hint;
          option.appendChild(hint);
        }
        list.appendChild(option);
      });
      list.hidden = !places.length;
      input.setAttribute('aria-expanded', String(!list.hidden));
      status.textContent = places.length ? '找到 ' + places.length + ' 个，用上下键选择' : '没有找到';
    }

    function move(step) {
      const options = list.children;
      if (active >= 0) options[active].setAttribute('aria-selected', 'false');
      active = (active + step + options.length) % options.length;
      options[active].setAttribute('aria-selected', 'true');
      options[active].scrollIntoView({ block: 'nearest' });
      input.setAttribute('aria-activedescendant', options[active].id);
    }

    function choose(option) {
      input.value = option.dataset.placeName;
      setCode(option.dataset.placeCode);
      status.textContent = '已选 ' + option.dataset.placeName;
      close();
    }

    function close() {
      asked += 1;
      list.hidden = true;
      active = -1;
      input.setAttribute('aria-expanded', 'false');
      input.removeAttribute('aria-activedescendant');
    }
  }
}());
