// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Below the field for keywords: those that the portal has already and that begin like the last
// one typed. Without this script the field takes words as before.
(function () {
  "use strict";
  const PAUSE = 250; // milliseconds after the last key

  const words = (input) => input.value.split(",").map((word) => word.trim());

  function mount(box) {
    const input = box.querySelector("input");
    const list = document.createElement("ul");
    const heading = document.createElement("p");
    const here = document.createElement("div");
    here.className = "verbund-keywords";
    here.setAttribute("role", "status");
    heading.textContent = box.dataset.heading;
    list.className = "verbund-chosen";
    let pause, asked = "";

    function take(name) {
      const typed = words(input).slice(0, -1).filter(Boolean);
      input.value = [...typed, name, ""].join(", ");
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
    }

    function chip(tag) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "verbund-keyword";
      button.textContent = tag.name;
      button.addEventListener("click", () => take(tag.name));
      item.append(button);
      return item;
    }

    async function suggest() {
      const last = words(input).pop();
      asked = last;
      if (last.length < 2) { here.replaceChildren(); return; }
      let found = [];
      try {
        const answer = await fetch(`${box.dataset.verbundKeywords}?limit=8&q=${encodeURIComponent(last)}`);
        if (answer.ok) found = (await answer.json()).result.tags;
      } catch (e) { /* no connection: the field takes words as before */ }
      if (asked !== last) return;
      const there = new Set(words(input).map((word) => word.toLowerCase()));
      const offered = found.filter((tag) => !there.has(tag.name.toLowerCase()));
      list.replaceChildren(...offered.map(chip));
      here.replaceChildren(...(offered.length ? [heading, list] : []));
    }

    box.append(here);
    input.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(suggest, PAUSE); });
  }

  document.querySelectorAll("[data-verbund-keywords]").forEach(mount);
})();
