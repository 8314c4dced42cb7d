// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// A page of the form saves itself while somebody works, and keeps what it cannot save: in the
// page and in the session storage of this tab.
(function () {
  "use strict";
  const texts = JSON.parse(document.getElementById("verbund-form-texts").textContent);
  const PAUSE = 1500; // milliseconds after the last change
  const AGAIN = 10000; // until the next try without a connection

  const form = document.querySelector("[data-verbund-form]");
  const focus = document.querySelector("[data-verbund-focus]");
  window.verbundChoices(document);
  window.verbundPlaces(document);
  if (focus) focus.focus();
  open(location.hash);
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#field-"]');
    if (link) { event.preventDefault(); open(link.hash); }
  });

  // A field may lie behind a closed disclosure.
  function open(hash) {
    const field = hash && hash.startsWith("#field-") && document.getElementById(hash.slice(1));
    if (!field) return;
    for (let e = field.closest("details"); e; e = e.parentElement.closest("details")) e.open = true;
    field.focus();
    field.scrollIntoView({ block: "center" });
  }
  if (!form) return;

  const key = `verbund-form:${new URL(form.action).pathname}`;
  const draft = form.hasAttribute("hx-post");
  const saved = document.getElementById("verbund-saved");
  const told = document.getElementById("verbund-told");
  const trouble = document.getElementById("verbund-trouble");
  let pause, retry, sent = "", announced = false, leaving = false;
  const NOT_KEPT = new Set(["base", "told", "go", "add", "remove", "upload"]);

  function entries() {
    const csrf = document.querySelector("meta[name=csrf_field_name]");
    return [...new FormData(form).entries()].filter(([name, value]) =>
      !NOT_KEPT.has(name) && typeof value === "string" && !(csrf && name === csrf.content));
  }
  const snapshot = () => JSON.stringify(entries());
  const begun = snapshot();

  function keep() {
    try { sessionStorage.setItem(key, JSON.stringify({ at: Date.now(), base: form.elements.base.value, entries: entries() })); } catch (e) { /* full or forbidden: the page itself keeps it */ }
  }
  function forget() { try { sessionStorage.removeItem(key); } catch (e) { /* nothing was kept */ } }

  function tell(text) { told.textContent = ""; setTimeout(() => { told.textContent = text; }, 100); }
  function warn(text, link) {
    trouble.textContent = text;
    if (link) { trouble.append(" ", link); }
    trouble.hidden = false;
    tell(text);
  }
  function calm() { trouble.hidden = true; clearTimeout(retry); retry = null; }

  function offline() {
    keep();
    warn(draft ? texts.offline : texts.offline_public);
    clearTimeout(retry);
    if (draft) retry = setTimeout(save, AGAIN);
  }
  function signIn() {
    const link = document.createElement("a");
    link.href = form.dataset.login;
    link.target = "_blank";
    link.textContent = texts.signin;
    warn(texts.signedout, link);
  }

  function save() {
    clearTimeout(pause);
    if (leaving || !draft || snapshot() === sent) return;
    htmx.trigger(form, "verbund:save");
  }
  function touched(event) {
    if (event.target.name === "upload" || event.target.type === "file") return;
    keep();
    if (!draft) return;
    clearTimeout(pause);
    pause = setTimeout(save, PAUSE);
  }
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  document.querySelectorAll(`[form="${form.id}"]`).forEach((e) => e.addEventListener("change", keep));
  window.addEventListener("online", () => { if (!trouble.hidden) save(); });

  // A page that is sent while it is saving itself would not know yet what it has saved, and meet
  // its own change as that of somebody else.
  let asked = "", done = Promise.resolve(), finish = () => {};
  form.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target !== form) return;
    asked = snapshot();
    done = new Promise((resolve) => { finish = resolve; });
  });
  form.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt === form) finish(); });
  form.addEventListener("htmx:sendError", offline);
  form.addEventListener("htmx:timeout", offline);
  form.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt !== form) return; // advice may fail; saving says what is wrong
    if (event.detail.xhr.status === 401 || event.detail.xhr.status === 403) return signIn();
    return warn(texts.failed);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || !event.detail.successful) return;
    const problem = saved.querySelector("[data-tell]");
    if (problem) { tell(problem.textContent.trim()); keep(); calm(); return; }
    sent = asked;
    if (!trouble.hidden || !announced) { tell(saved.textContent.trim()); announced = true; }
    calm();
    if (snapshot() === asked) forget();
  });

  // Leaving by a button: first see whether the portal is there and knows the person; a fresh
  // token comes along, so that a page may be open for as long as it takes.
  form.addEventListener("submit", (event) => {
    if (leaving) return;
    event.preventDefault();
    const button = event.submitter;
    clearTimeout(pause);
    keep();
    done.then(() => fetch(form.dataset.ready, { headers: { Accept: "application/json" }, cache: "no-store" }))
      .then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.json(); })
      .then((ready) => {
        if (!ready.signed_in) { signIn(); return; }
        document.querySelectorAll(`input[name="${ready.field}"]`).forEach((input) => { input.value = ready.token; });
        if (button && button.dataset.verbundSwap) { swap(button); return; }
        leaving = true;
        forget();
        calm();
        form.requestSubmit(button);
      })
      .catch(offline);
  });
  // Back in the browser's history the page may be alive again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });

  // Adding and removing entries of a group exchanges the group alone.
  function swap(button) {
    const id = button.dataset.verbundSwap;
    const body = new FormData(form);
    body.delete("upload");
    body.set(button.name, button.value);
    fetch(form.action, { method: "POST", body: body })
      .then((answer) => answer.text())
      .then((html) => {
        const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
        const old = document.getElementById(id);
        if (!fresh || !old) throw new Error("no group");
        old.replaceWith(fresh);
        window.verbundChoices(fresh);
        window.verbundPlaces(fresh);
        const rows = fresh.querySelectorAll(".verbund-form__row");
        const last = rows[rows.length - 1];
        const target = last && last.querySelector("input:not([type=hidden]), select, textarea");
        (target || fresh.querySelector("[aria-pressed=true]") || fresh).focus();
        fresh.dispatchEvent(new Event("change", { bubbles: true }));
      })
      .catch(offline);
  }

  // What an earlier visit of this tab could not save.
  const restore = document.getElementById("verbund-restore");
  let old = null;
  try { old = JSON.parse(sessionStorage.getItem(key)); } catch (e) { forget(); }
  if (old && JSON.stringify(old.entries) !== begun) {
    restore.querySelector("[data-when]").textContent = new Date(old.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    restore.hidden = false;
    restore.querySelector("[data-forget]").addEventListener("click", () => { forget(); restore.hidden = true; });
    restore.querySelector("[data-restore]").addEventListener("click", () => {
      // The portal draws the page with what was kept, so that added entries come back too.
      fetch(form.dataset.ready, { cache: "no-store" }).then((answer) => answer.json()).then((ready) => {
        const again = document.createElement("form");
        again.method = "post";
        again.action = form.action;
        for (const [name, value] of [...old.entries, ["base", old.base], ["go", "show"], [ready.field, ready.token]]) {
          const input = document.createElement("input");
          input.type = "hidden";
          input.name = name;
          input.value = value;
          again.append(input);
        }
        document.body.append(again);
        again.submit();
      }).catch(offline);
    });
  } else forget();
})();
