/* The question on the page: reads and shows its answer, and builds another one from the same markup as take.html. */
(function () {
  "use strict";

  function byId(id) {
    return document.getElementById(id);
  }

  function textIn(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

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

  window.quiz.Question = function (form) {
    const total = Number(form.dataset.total);

    function controls() {
      return Array.from(form.querySelectorAll("#options input[name=answer]"));
    }

    function isText() {
      return form.dataset.kind === "fill_blank";
    }

    /** As the server takes it: letters, or one text, or a text for each blank. */
    function answer() {
      if (!isText()) {
        return controls().filter(function (input) { return input.checked; }).map(function (input) { return input.value; });
      }
      const texts = controls().map(function (input) { return input.value; });
      return texts.length === 1 ? texts[0] : texts.some(Boolean) ? texts : [];
    }

    function showAnswer(answered) {
      const given = Array.isArray(answered) ? answered : [answered];
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

    function show(question, answered, url) {
      const position = question.position;
      const words = "第 " + position + "/" + total + " 题";
      form.dataset.position = position;
      form.dataset.kind = question.kind;
      form.action = url;
      byId("place").textContent = words;
      document.title = document.title.replace(/第 \d+\/\d+ 题/, words);
      byId("kind").textContent = question.kind_label;
      byId("worth").textContent = question.points + " 分";
      byId("hint").textContent = question.hint;
      byId("stem").textContent = question.stem;
      byId("pictures").textContent = "";
      showPictures(byId("pictures"), question.pictures, "第 " + position + " 题的图");
      showRows(question);
      showAnswer(answered);
      form.querySelector(".move [value=previous]").disabled = position === 1;
      byId("next").textContent = position === total ? "去交卷" : "下一题";
    }

    function showRows(question) {
      const rows = byId("options");
      rows.textContent = "";
      question.options.forEach(function (option) { rows.appendChild(choiceRow(question, option)); });
      for (let number = 1; number <= question.blanks; number += 1) {
        rows.appendChild(blankRow(question, number));
      }
    }

    /** By its letter or its number; whether there is such an option. */
    function choose(key) {
      const index = /^[a-h]$/i.test(key) ? key.toUpperCase().charCodeAt(0) - 65 : Number(key) - 1;
      const chosen = /^[a-h1-8]$/i.test(key) && !isText() && controls()[index];
      if (chosen) {
        chosen.focus();
        chosen.click();
      }
      return Boolean(chosen);
    }

    return { choose: choose, controls: controls, isText: isText, answer: answer, showAnswer: showAnswer, isTouched: isTouched, show: show };
  };

  // --- the answer sheet below the question ---------------------------------------------------------------------------

  window.quiz.markOnSheet = function (position, answer) {
    const sheet = byId("sheet");
    const button = sheet && sheet.children[position - 1];
    if (button) {
      const isDone = [].concat(answer).some(Boolean);
      button.classList.toggle("done", isDone);
      button.setAttribute("aria-label", "第 " + position + " 题，" + (isDone ? "已答" : "没答"));
      byId("answered").textContent = sheet.querySelectorAll(".done").length;
    }
  };

  window.quiz.showOnSheet = function (position) {
    Array.from(byId("sheet").children).forEach(function (button, index) {
      if (index + 1 === position) {
        button.setAttribute("aria-current", "true");
      } else {
        button.removeAttribute("aria-current");
      }
    });
  };

  // --- pictures ------------------------------------------------------------------------------------------------------

  let fetched = null; // held, so that the browser keeps them for when there is no network

  window.quiz.fetchPictures = function (questions) {
    fetched = fetched || questions.reduce(function (all, question) {
      return question.options.reduce(function (list, option) { return list.concat(option.pictures || []); }, all.concat(question.pictures));
    }, []).map(function (picture) {
      const image = new Image();
      image.src = picture.url;
      return image;
    });
  };
})();
