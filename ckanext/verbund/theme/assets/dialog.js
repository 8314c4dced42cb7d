// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// CKAN's questions ("Really delete?"): Esc closes them, they have a name, and the focus goes
// back to where it came from (WCAG 2.1.1, 2.4.3, 4.1.2).
(function (ckan) {
  'use strict'
  const stock = ckan.confirm
  if (!stock) { return }

  ckan.confirm = function (options) {
    const opener = document.activeElement
    stock(Object.assign({ keyboard: true }, options))
    const dialog = document.querySelector(stock.selectors.modal)
    if (!dialog) { return }
    const title = dialog.querySelector('.modal-title')
    title.id = 'verbund-dialog-title'
    dialog.setAttribute('aria-labelledby', title.id)
    dialog.querySelector(stock.selectors.closeBtn)
      .setAttribute('aria-label', dialog.querySelector(stock.selectors.cancelBtn).textContent)
    dialog.addEventListener('hidden.bs.modal', () => opener && opener.focus())
  }
  // CKAN's modules start after its texts have loaded. Whoever is faster is asked by the browser.
  document.addEventListener('click', function (event) {
    const asks = event.target.closest('[data-module="confirm-action"]')
    if (!asks || (window.jQuery._data(asks, 'events') || {}).click) { return }
    if (!window.confirm(asks.dataset.moduleContent || asks.textContent.trim())) { event.preventDefault() }
  })
  Object.assign(ckan.confirm, { styles: stock.styles, selectors: stock.selectors })
})(this.ckan);
