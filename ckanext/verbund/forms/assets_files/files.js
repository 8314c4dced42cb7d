/* SPDX-FileCopyrightText: 2026 Datenverbund
   SPDX-License-Identifier: AGPL-3.0-or-later

   The file page of the form: several files at once, each with its progress. A file that failed
   stays in the list with a button to try again; nothing has to be chosen twice. Texts come from
   the page, so that they are translated there. */
(function () {
  "use strict";

  const drop = document.querySelector("[data-verbund-drop]");
  if (!drop) return;
  const form = document.getElementById("verbund-form");
  const input = drop.querySelector("input[type=file]");
  const list = drop.querySelector("[data-verbund-uploads]");
  const told = drop.querySelector("[data-verbund-told]");
  const cards = document.getElementById("verbund-files-list");
  const text = drop.dataset;
  const said = drop.querySelector("[data-verbund-waiting]");
  const jobs = [];
  let waiting = null; // the button that was pressed while files were on their way

  const tell = (message) => { told.textContent = message; };

  const csrfName = () => {
    const meta = document.querySelector('meta[name="csrf_field_name"]');
    return meta ? meta.content : "_csrf_token";
  };
  const csrfInput = () => form.querySelector(`input[name="${csrfName()}"]`);

  const size = (bytes) => {
    const units = ["Bytes", "KiB", "MiB", "GiB"];
    let power = 0;
    while (bytes >= 1024 && power < units.length - 1) { bytes /= 1024; power += 1; }
    return `${bytes.toLocaleString(document.documentElement.lang || "de", { maximumFractionDigits: power ? 1 : 0 })} ${units[power]}`;
  };

  const fill = (template, values) =>
    template.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

  /* Before anything is sent: what the browser can know by itself. */
  const problem = (file) => {
    if (file.size > Number(text.limit)) {
      return fill(text.textLarge, { name: file.name, size: size(file.size), limit: text.limitText });
    }
    const found = /\.([^.]+)$/.exec(file.name.toLowerCase());
    const type = found ? `.${found[1]}` : "";
    if (input.accept && !input.accept.split(",").includes(type)) {
      return fill(text.textType, { type: type || file.name });
    }
    return "";
  };

  const button = (label, job, action) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.textContent = label;
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.textContent = ` ${job.file.name}`;
    made.append(name);
    made.addEventListener("click", action);
    return made;
  };

  const show = (job, state, message, buttons) => {
    job.state = state;
    job.row.dataset.state = state;
    job.message.textContent = message;
    job.bar.hidden = state !== "sending";
    job.buttons.replaceChildren(...(buttons || []));
  };

  const discard = (job) => {
    if (job.request) job.request.abort();
    jobs.splice(jobs.indexOf(job), 1);
    job.row.remove();
    list.hidden = !jobs.length;
    input.focus();
    next();
  };

  const line = (job) => {
    job.row = document.createElement("li");
    job.row.className = "verbund-drop__file";
    const name = document.createElement("span");
    name.className = "verbund-drop__name";
    name.textContent = `${job.file.name} (${size(job.file.size)})`;
    job.bar = document.createElement("progress");
    job.bar.max = 100;
    job.bar.value = 0;
    job.bar.setAttribute("aria-label", fill(text.textProgress, { name: job.file.name }));
    job.message = document.createElement("span");
    job.message.className = "verbund-drop__message";
    job.buttons = document.createElement("span");
    job.buttons.className = "verbund-drop__do";
    job.row.append(name, job.bar, job.message, job.buttons);
    list.append(job.row);
    list.hidden = false;
  };

  const fail = (job, message, again) => {
    const buttons = [];
    if (again) buttons.push(button(text.textRetry, job, () => queue(job)));
    buttons.push(button(text.textDiscard, job, () => discard(job)));
    show(job, "failed", message, buttons);
    tell(`${job.file.name}: ${message}`);
    next();
  };

  const ask = (job, message) => {
    const answer = (value) => () => { job.sameName = value; queue(job); };
    show(job, "asked", message, [
      button(text.textReplace, job, answer("replace")),
      button(text.textBoth, job, answer("both")),
      button(text.textDiscard, job, () => discard(job)),
    ]);
    tell(message);
    next();
  };

  /* The card of a new file goes to the end, that of a replaced one to its old place. */
  const place = (html, id) => {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const card = holder.content.firstElementChild;
    const old = document.getElementById(`datei-${id}`);
    if (old) old.replaceWith(card);
    else cards.append(card);
    document.getElementById("verbund-files-none").hidden = true;
    document.getElementById("verbund-files-some").hidden = false;
    const all = [...cards.children];
    all.forEach((one, number) => {
      const up = one.querySelector('[value^="file-up:"]');
      const down = one.querySelector('[value^="file-down:"]');
      if (up) up.disabled = number === 0;
      if (down) down.disabled = number === all.length - 1;
    });
    if (window.verbundChoices) window.verbundChoices(card);
  };

  const finish = (job, request) => {
    place(request.responseText, request.getResponseHeader("X-Verbund-File"));
    jobs.splice(jobs.indexOf(job), 1);
    job.row.remove();
    list.hidden = !jobs.length;
    tell(`${job.file.name}: ${text.textDone}`);
    next();
  };

  const answered = (job, request) => {
    job.request = null;
    if (request.status === 201) { finish(job, request); return; }
    let message = "";
    try { message = JSON.parse(request.responseText).message || ""; } catch (error) { message = ""; }
    if (request.status === 409) ask(job, message);
    else if (request.status === 400 && !job.renewed) renew(job);
    else if (request.status === 413 && !message) fail(job, problem(job.file) || text.textServer, false);
    else fail(job, message || text.textServer, request.status >= 500 || request.status === 403 || !message);
  };

  /* The token of a page that was open for long has run out: get a new one and go on. */
  const renew = (job) => {
    job.renewed = true;
    fetch(form.dataset.ready, { credentials: "same-origin" })
      .then((answer) => answer.json())
      .then((found) => {
        csrfInput().value = found.token;
        send(job);
      })
      .catch(() => fail(job, text.textLost, true));
  };

  const send = (job) => {
    const data = new FormData();
    data.append(csrfName(), csrfInput().value);
    data.append("upload", job.file);
    data.append("same_name", job.sameName || "ask");
    ["file-license", "file-license_attribution_by_text"].forEach((name) => {
      const given = form.elements[name];
      if (given) data.append(name, given.value);
    });
    const request = new XMLHttpRequest();
    job.request = request;
    request.open("POST", text.verbundDrop);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.floor((event.loaded / event.total) * 100);
      job.bar.value = percent;
      job.message.textContent = percent < 100 ? `${percent} %` : text.textRead;
    });
    request.addEventListener("load", () => answered(job, request));
    request.addEventListener("error", () => { job.request = null; fail(job, text.textLost, true); });
    show(job, "sending", "0 %", [button(text.textCancel, job, () => discard(job))]);
    request.send(data);
  };

  /* One after the other: they share one line anyway, and keep the order of the choice. */
  const next = () => {
    if (jobs.some((job) => job.state === "sending")) return;
    const job = jobs.find((one) => one.state === "waiting");
    if (job) { send(job); return; }
    const go = waiting;
    waiting = null;
    said.hidden = true;
    if (go && !jobs.length) form.requestSubmit(go === true ? undefined : go);
  };

  const queue = (job) => {
    job.renewed = false;
    show(job, "waiting", text.textWait, [button(text.textCancel, job, () => discard(job))]);
    next();
  };

  const take = (files) => {
    [...files].forEach((file) => {
      const job = { file, sameName: "" };
      jobs.push(job);
      line(job);
      const trouble = problem(file);
      if (trouble) fail(job, trouble, false);
      else queue(job);
    });
  };

  input.addEventListener("change", () => {
    take(input.files);
    input.value = "";
  });
  ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    drop.classList.add("verbund-drop--over");
  }));
  ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => {
    drop.classList.remove("verbund-drop--over");
  }));
  drop.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });

  const busy = () => jobs.some((job) => job.state === "sending" || job.state === "waiting");
  window.addEventListener("beforeunload", (event) => { if (busy()) event.preventDefault(); });
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    const question = pressed && !pressed.dataset.verbundSure && pressed.dataset.verbundRemove;
    if (question) {
      if (!window.confirm(question)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
      pressed.dataset.verbundSure = "yes"; // the form is sent a second time by saving.js
    }
    if (busy()) {
      // Nobody has to wait in front of the page: it goes on by itself.
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = pressed || true;
      tell(text.textLeave);
      said.hidden = false;
      list.scrollIntoView({ block: "center" });
    } else if (jobs.length && !window.confirm(text.textUnsent)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else {
      jobs.length = 0;
    }
  }, true);

  /* What is typed on a card is saved when its field is left. */
  cards.addEventListener("change", (event) => {
    const card = event.target.closest("[data-verbund-file]");
    if (!card || !event.target.name) return;
    const data = new FormData();
    data.append(csrfName(), csrfInput().value);
    card.querySelectorAll("input[name], textarea[name], select[name]").forEach((field) => {
      data.append(field.name, field.value);
    });
    const said = card.querySelector(".verbund-filecard__saved");
    fetch(card.dataset.save, { method: "POST", body: data, credentials: "same-origin" })
      .then((answer) => answer.json().then((found) => {
        said.classList.toggle("verbund-form__warning", !answer.ok);
        said.textContent = found.message;
      }))
      .catch(() => { said.textContent = ""; });
  });

  drop.querySelectorAll("[data-with-script]").forEach((element) => { element.hidden = false; });
  document.querySelectorAll("[data-without-script]").forEach((element) => {
    element.hidden = !element.querySelector(".error-block");
  });
})();
