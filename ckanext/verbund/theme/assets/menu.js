// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// The menu on phones works without scripts; with them Esc closes it and returns the focus.
(function () {
  'use strict'
  const state = document.getElementById('verbund-menu')
  if (!state) { return }
  const header = state.closest('header')
  header.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape' || !state.checked) { return }
    state.checked = false
    state.focus()
  })
  state.addEventListener('keydown', function (event) {
    if (event.key !== 'Enter') { return }
    event.preventDefault()
    state.checked = !state.checked
  })
})();
