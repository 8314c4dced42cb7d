// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Results that are swapped by htmx: short addresses, and focus that is never lost.
(function () {
  'use strict'
  let wanted = ''

  document.addEventListener('htmx:configRequest', function (event) {
    const parameters = event.detail.parameters
    Object.keys(parameters).forEach(function (name) {
      if (parameters[name] === '') { delete parameters[name] }
    })
    wanted = event.detail.elt.closest('.verbund-pages') ? '' : event.detail.elt.id
  })

  // htmx itself keeps the focus on an element that comes again under its id; a chip that
  // was removed or a link to a page does not, so the heading with the number gets it.
  document.addEventListener('htmx:afterSettle', function () {
    const heading = document.getElementById('search-heading')
    const again = wanted && document.getElementById(wanted)
    if (!heading || document.activeElement === again) { return }
    if (again && !/^(chip|order)-/.test(wanted)) { again.focus({ preventScroll: true }); return }
    heading.focus({ preventScroll: Boolean(wanted) })
  })
})();
