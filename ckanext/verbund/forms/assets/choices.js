// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Long lists become fields with suggestions. Without this script they stay lists.
(function () {
  "use strict";
  const texts = JSON.parse(document.getElementById("verbund-form-texts").textContent);

  const plain = (text) => text.toLocaleLowerCase("de").normalize("NFKD").replace(/\p{M}/gu, "").replace(/ß/g, "ss");

  // Words in any order; what begins with the first one comes first.
  function find(options, query) {
    const words = plain(query).split(/\s+/).filter(Boolean);
    const hits = options.filter((option) => words.every((word) => plain(option.text).includes(word)));
    const begins = (option) => (words.length && plain(option.text).startsWith(words[0]) ? 0 : 1);
    return hits.sort((a, b) => begins(a) - begins(b)).map((option) => option.text);
  }

  const spoken = () => ({
    tNoResults: () => texts.nothing,
    tStatusQueryTooShort: (n) => texts.short.replace("{n}", n),
    tStatusNoResults: () => texts.nothing,
    tStatusSelectedOption: (option, length, index) => `${option}, ${index + 1} / ${length}`,
    tStatusResults: (length, chosen) => `${texts.suggestions} ${length}. ${chosen || ""}`,
    tAssistiveHint: () => texts.assist,
  });

  function describe(input, select) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    if (label) label.htmlFor = input.id;
    for (const name of ["aria-describedby", "aria-invalid"])
      if (select.hasAttribute(name)) input.setAttribute(name, [select.getAttribute(name), name === "aria-describedby" ? input.getAttribute(name) : null].filter(Boolean).join(" "));
  }

  function changed(select) {
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function single(select) {
    const options = [...select.options].filter((option) => option.value);
    const box = document.createElement("div");
    select.before(box);
    const id = select.id;
    const chosen = select.selectedOptions[0];
    select.id = `${id}-list`;
    const label = document.querySelector(`label[for="${id}"]`);
    accessibleAutocomplete({
      element: box, id: id, name: "", showAllValues: true, confirmOnBlur: false, autoselect: false,
      defaultValue: chosen && chosen.value ? chosen.text : "",
      placeholder: texts.placeholder, displayMenu: "overlay", menuAttributes: label ? { "aria-label": label.textContent.trim() } : {},
      source: (query, populate) => {
        const current = select.selectedOptions[0];
        populate(!query || (current && current.text === query) ? options.map((o) => o.text) : find(options, query));
      },
      onConfirm: (text) => {
        const option = options.find((o) => o.text === text);
        if (option && !option.selected) { option.selected = true; changed(select); }
      },
      ...spoken(),
    });
    select.hidden = true;
    const input = box.querySelector("input");
    describe(input, select);
    // Emptied means: none. Half a word means: what was chosen before, shown again.
    input.addEventListener("blur", () => setTimeout(() => {
      const exact = options.find((o) => plain(o.text) === plain(input.value));
      if (!input.value.trim()) { if (select.value) { select.value = ""; changed(select); } }
      else if (exact && !exact.selected) { exact.selected = true; changed(select); }
      else if (!exact) { remount(select, box, id); }
    }, 200));
  }

  function remount(select, box, id) {
    box.remove();
    select.hidden = false;
    select.id = id;
    single(select);
  }

  function several(select) {
    const id = select.id;
    const options = [...select.options];
    const box = document.createElement("div");
    const list = document.createElement("ul");
    list.className = "verbund-chosen";
    select.before(list, box);
    select.id = `${id}-list`;
    select.hidden = true;
    const label = document.querySelector(`label[for="${id}"]`);
    function draw() {
      list.replaceChildren(...options.filter((o) => o.selected).map((option) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "verbund-chip";
        button.textContent = option.text;
        button.setAttribute("aria-label", `${texts.remove}: ${option.text}`);
        button.addEventListener("click", () => { option.selected = false; changed(select); draw(); box.querySelector("input").focus(); });
        item.append(button);
        return item;
      }));
    }
    function mount(focus) {
      box.replaceChildren();
      accessibleAutocomplete({
        element: box, id: id, name: "", showAllValues: true, confirmOnBlur: false, autoselect: false, displayMenu: "overlay",
        placeholder: texts.placeholder, menuAttributes: label ? { "aria-label": label.textContent.trim() } : {},
        source: (query, populate) => populate(find(options.filter((o) => !o.selected), query)),
        onConfirm: (text) => {
          const option = options.find((o) => o.text === text);
          if (!option) return;
          option.selected = true;
          changed(select);
          draw();
          setTimeout(() => mount(true), 0);
        },
        ...spoken(),
      });
      describe(box.querySelector("input"), select);
      if (focus) box.querySelector("input").focus();
    }
    draw();
    mount(false);
  }

  function licence(select) {
    const here = document.getElementById(select.dataset.verbundLicence);
    const show = () => here.querySelectorAll("[data-licence]").forEach((e) => { e.hidden = e.dataset.licence !== select.value; });
    select.addEventListener("change", show);
    show();
  }

  window.verbundChoices = function (root) {
    root.querySelectorAll("select[data-verbund-combobox]:not([data-ready])").forEach((select) => {
      select.dataset.ready = "yes";
      if (select.dataset.verbundLicence) licence(select);
      (select.multiple ? several : single)(select);
    });
  };
  window.verbundAutocompleteTexts = spoken;
})();
