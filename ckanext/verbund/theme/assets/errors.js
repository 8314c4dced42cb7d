// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Problems of a form: the summary links to the fields, and each field knows its message and
// its help (WCAG 1.3.1, 3.3.1). Without scripts the message still stands at the field.
(function () {
  'use strict'
  const CONTROL = 'input:not([type=hidden]), select, textarea'
  let count = 0

  function named (element) {
    if (!element.id) { element.id = 'verbund-text-' + (++count) }
    return element.id
  }

  function words (text) { return text.replace('*', '').replace(/:\s*$/, '').trim().toLowerCase() }

  const wrong = []
  document.querySelectorAll('.form-group, .mb-3').forEach(function (group) {
    const control = group.querySelector(CONTROL)
    if (!control || group.querySelector('.form-group')) { return }
    const texts = [...group.querySelectorAll('.error-block, .info-block')].map(named)
    const known = (control.getAttribute('aria-describedby') || '').split(' ').filter(Boolean)
    const all = [...new Set([...known, ...texts])]
    if (all.length) { control.setAttribute('aria-describedby', all.join(' ')) }
    if (group.matches('.error, .has-error')) {
      control.setAttribute('aria-invalid', 'true')
      const label = group.querySelector('label, legend')
      wrong.push({ control, label: label ? words(label.textContent) : '' })
    }
  })

  document.querySelectorAll('[data-verbund-errors]').forEach(function (summary) {
    summary.querySelectorAll('li[data-field-label]').forEach(function (line, index, lines) {
      const key = words(line.dataset.fieldLabel)
      const found = wrong.find((w) => w.label === key || w.control.name.toLowerCase() === key) ||
        (wrong.length === lines.length ? wrong[index] : null)
      if (!found) { return }
      const link = document.createElement('a')
      link.href = '#' + named(found.control)
      link.append(...line.childNodes)
      link.addEventListener('click', function (event) {
        event.preventDefault()
        found.control.focus()
      })
      line.append(link)
    })
    summary.focus()
  })
})();
