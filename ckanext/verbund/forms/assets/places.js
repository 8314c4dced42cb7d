// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Places by name with suggestions, by a click on the map, or as a rectangle drawn on it.
(function () {
  "use strict";

  function changed(input) {
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function suggest(field) {
    const old = field.querySelector("input[type=text]");
    const uri = field.querySelector("[data-verbund-place-uri]");
    const label = field.querySelector("label").textContent.trim();
    const box = document.createElement("div");
    const known = new Map();
    let waiting;
    old.before(box);
    old.remove();

    function ask(query, populate) {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        fetch(`${field.dataset.verbundPlace}?q=${encodeURIComponent(query)}`)
          .then((answer) => answer.json())
          .then((answer) => {
            answer.result.forEach((place) => known.set(place.description, place));
            populate(answer.result.map((place) => place.description));
          })
          .catch(() => populate([]));
      }, 200);
    }

    function mount(value) {
      box.replaceChildren();
      accessibleAutocomplete({
        element: box, id: old.id, name: old.name, defaultValue: value, minLength: 2, confirmOnBlur: false, displayMenu: "overlay",
        menuAttributes: { "aria-label": label },
        source: ask,
        templates: {
          // What goes into the field is the name; what is listed tells namesakes apart.
          inputValue: (text) => (known.get(text) || { label: text || "" }).label,
          suggestion: (text) => { const e = document.createElement("i"); e.textContent = text; return e.innerHTML; },
        },
        onConfirm: (text) => {
          const place = known.get(text);
          if (place) { uri.value = place.uri; changed(uri); }
        },
        ...window.verbundAutocompleteTexts(),
      });
      const input = box.querySelector("input");
      for (const name of ["aria-describedby", "aria-invalid"])
        if (old.hasAttribute(name)) input.setAttribute(name, old.getAttribute(name));
    }

    mount(old.value);
    // The map chooses too.
    field.addEventListener("verbund:place", (event) => {
      mount(event.detail.label);
      uri.value = event.detail.uri;
      changed(uri);
    });
  }

  function map(details) {
    const row = details.closest(".verbund-form__row");
    const here = details.querySelector("[data-verbund-map-here]");
    const address = details.closest("form").dataset.map;
    if (!address) return;
    let loaded = false;
    const load = () => {
      if (!details.open || loaded) return;
      loaded = true;
      fetch(address).then((answer) => (answer.ok ? answer.text() : "")).then((html) => {
        here.innerHTML = html;
        if (html) use(here, row, details);
      }).catch(() => { loaded = false; });
    };
    details.addEventListener("toggle", load);
    load();
  }

  function use(here, row, details) {
    const svg = here.querySelector("svg");
    const frame = svg.querySelector("rect");
    const number = (name) => parseFloat(svg.dataset[name]);
    const side = (name) => details.querySelector(`[data-verbund-side][name$="-${name}"]`);
    const read = (name) => parseFloat(side(name).value.replace(",", "."));
    let mode = "pick";
    let from = null;

    here.querySelectorAll("[data-mode]").forEach((button) => button.addEventListener("click", () => {
      mode = button.dataset.mode;
      here.querySelectorAll("[data-mode]").forEach((b) => b.setAttribute("aria-pressed", String(b === button)));
      svg.style.touchAction = mode === "draw" ? "none" : "";
      svg.classList.toggle("verbund-placemap__svg--draw", mode === "draw");
    }));

    function point(event) {
      const box = svg.getBoundingClientRect();
      const scale = svg.viewBox.baseVal.width / box.width;
      return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
    }

    const mark = (uri) => svg.querySelectorAll("path").forEach((path) => path.classList.toggle("chosen", uri.endsWith(`/${path.dataset.key}`)));
    mark(row.querySelector("[data-verbund-place-uri]").value);

    function show() {
      const [west, south, east, north] = ["west", "south", "east", "north"].map(read);
      frame.hidden = [west, south, east, north].some(Number.isNaN) || west >= east || south >= north;
      frame.toggleAttribute("hidden", frame.hidden);
      if (frame.hasAttribute("hidden")) return;
      frame.setAttribute("x", (west - number("west")) * number("across"));
      frame.setAttribute("y", (number("north") - north) * number("down"));
      frame.setAttribute("width", (east - west) * number("across"));
      frame.setAttribute("height", (north - south) * number("down"));
    }

    svg.addEventListener("click", (event) => {
      const path = event.target.closest("path");
      if (mode !== "pick" || !path) return;
      const { label, key } = path.dataset;
      const level = key.length === 5 ? "districtKey" : "municipalityKey";
      const uri = `http://dcat-ap.de/def/politicalGeocoding/${level}/${key}`;
      row.querySelector("[data-verbund-place]").dispatchEvent(new CustomEvent("verbund:place", { detail: { label, uri } }));
      mark(uri);
    });
    svg.addEventListener("pointerdown", (event) => {
      if (mode !== "draw") return;
      event.preventDefault();
      from = point(event);
      svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = point(event);
      const degrees = {
        west: number("west") + Math.min(from.x, to.x) / number("across"),
        east: number("west") + Math.max(from.x, to.x) / number("across"),
        north: number("north") - Math.min(from.y, to.y) / number("down"),
        south: number("north") - Math.max(from.y, to.y) / number("down"),
      };
      for (const name of Object.keys(degrees)) side(name).value = degrees[name].toFixed(4).replace(".", ",");
      show();
    });
    svg.addEventListener("pointerup", () => {
      if (from) changed(side("west"));
      from = null;
    });
    details.querySelectorAll("[data-verbund-side]").forEach((input) => input.addEventListener("input", show));
    show();
  }

  window.verbundPlaces = function (root) {
    root.querySelectorAll("[data-verbund-place]:not([data-ready])").forEach((field) => { field.dataset.ready = "yes"; suggest(field); });
    root.querySelectorAll("details[data-verbund-map]:not([data-ready])").forEach((details) => { details.dataset.ready = "yes"; map(details); });
  };
})();
