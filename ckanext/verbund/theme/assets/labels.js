// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Fields that CKAN's scripts build without a name get that of their group (WCAG 4.1.2).
(function () {
  'use strict'

  function group (element) {
    const box = element.closest('.form-group, .control-group, .mb-3, .panel')
    const label = box && box.querySelector('label, legend, .form-label, .control-label')
    return label ? label.textContent.replace('*', '').trim() : ''
  }

  function own (select) {
    const label = select.id && document.querySelector('label[for="' + CSS.escape(select.id) + '"]')
    return label ? label.textContent.replace('*', '').trim() : group(select)
  }

  function name () {
    document.querySelectorAll('.select2-container').forEach(function (container) {
      const select = container.previousElementSibling
      if (!select) { return }
      const text = own(select)
      container.querySelectorAll('[role=combobox], [role=textbox], [role=searchbox]').forEach(function (part) {
        if (text && !part.getAttribute('aria-label')) { part.setAttribute('aria-label', text) }
      })
    })
    document.querySelectorAll('form input:not([type=hidden], [type=submit], [aria-label], [aria-labelledby])').forEach(function (input) {
      if (!input.labels.length && !input.title) {
        const text = group(input)
        if (text) { input.setAttribute('aria-label', text) }
      }
    })
    document.querySelectorAll('td input[type=checkbox]:not([aria-label])').forEach(function (box) {
      const row = box.closest('tr')
      box.setAttribute('aria-label', row ? row.textContent.trim().split('\n')[0] : '')
    })
    document.querySelectorAll('th input[type=checkbox]:not([aria-label])').forEach(function (box) {
      box.setAttribute('aria-label', document.documentElement.lang === 'de' ? 'Alle auswählen' : 'Select all')
    })
    document.querySelectorAll('.btn-close[aria-label=Close]').forEach(function (button) {
      button.setAttribute('aria-label', document.documentElement.lang === 'de' ? 'Schließen' : 'Close message')
    })
    document.querySelectorAll('i[aria-label]:not([role])').forEach(function (icon) {
      icon.setAttribute('role', 'img')
    })
    document.querySelectorAll('a.handle:not([aria-label])').forEach(function (handle) {
      handle.setAttribute('aria-label', handle.closest('li') ? handle.closest('li').textContent.trim() : '')
    })
  }

  window.addEventListener('load', function () {
    name()
    new MutationObserver(name).observe(document.body, { childList: true, subtree: true })
  })
})();
