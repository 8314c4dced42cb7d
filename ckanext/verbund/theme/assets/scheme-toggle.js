// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// The button in the footer that changes between light and dark.
(function () {
  'use strict'
  const root = document.documentElement
  const dark = window.matchMedia('(prefers-color-scheme: dark)')
  const shown = () => root.getAttribute('data-kern-theme') || (dark.matches ? 'dark' : 'light')

  // Paper is white: a chosen dark display is left for as long as the page prints.
  let chosen = null
  window.addEventListener('beforeprint', function () {
    chosen = root.getAttribute('data-kern-theme')
    root.setAttribute('data-kern-theme', 'light')
  })
  window.addEventListener('afterprint', function () {
    if (chosen) { root.setAttribute('data-kern-theme', chosen) } else { root.removeAttribute('data-kern-theme') }
  })

  document.querySelectorAll('[data-verbund-scheme]').forEach(function (button) {
    const tell = () => { button.textContent = button.dataset[shown() === 'dark' ? 'light' : 'dark'] }
    button.hidden = false
    tell()
    dark.addEventListener('change', tell)
    button.addEventListener('click', function () {
      const next = shown() === 'dark' ? 'light' : 'dark'
      root.setAttribute('data-kern-theme', next)
      try { window.localStorage.setItem('verbund-scheme', next) } catch (e) { /* for this page only */ }
      tell()
    })
  })
})();
