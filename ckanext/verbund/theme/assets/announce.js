// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Parts of a page that htmx exchanges: said to screen readers, and the focus is not lost
// (WCAG 4.1.3, 2.4.3).
(function () {
  'use strict'
  const live = document.createElement('div')
  live.className = 'visually-hidden'
  live.setAttribute('role', 'status')
  document.body.append(live)
  const updated = document.documentElement.lang === 'de' ? 'Inhalt aktualisiert' : 'Content updated'
  let focused = null

  function path (element) {
    if (element.id) { return '#' + CSS.escape(element.id) }
    if (element.name) { return element.localName + '[name="' + CSS.escape(element.name) + '"]' }
    const href = element.getAttribute('href')
    return href ? 'a[href="' + CSS.escape(href) + '"]' : null
  }

  document.body.addEventListener('htmx:beforeSwap', function (event) {
    const inside = event.detail.target.contains(document.activeElement)
    focused = inside ? path(document.activeElement) : null
  })
  document.body.addEventListener('htmx:afterSettle', function (event) {
    const part = event.detail.elt
    const speaks = '[aria-live], [role=status], [role=alert]'
    // What speaks for itself, or is told by somebody else, is not told here.
    if (!part.querySelector(speaks) && !part.closest(speaks + ', [data-verbund-quiet]')) {
      const heading = part.querySelector('h1, h2, h3')
      live.textContent = heading ? heading.textContent.trim().replace(/\s+/g, ' ') : updated
    }
    if (document.activeElement && document.activeElement !== document.body) { return }
    const again = focused && document.querySelector(focused)
    const goal = again || part
    if (goal === part && !part.hasAttribute('tabindex')) { part.setAttribute('tabindex', '-1') }
    if (focused !== null) { goal.focus({ preventScroll: !again }) }
    focused = null
  })
})();
