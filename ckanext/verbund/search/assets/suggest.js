// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Suggestions while typing: the combobox pattern of WAI-ARIA with a list box. Without this
// script the field is a field. The options come from the server as HTML, escaped there.
(function () {
  'use strict'
  const WAIT = 200 // milliseconds without a key
  const LEAST = 2 // letters

  function combobox (box) {
    const input = box.querySelector('input')
    const list = document.createElement('ul')
    list.id = input.id + '-list'
    list.className = 'verbund-suggest__list'
    list.setAttribute('role', 'listbox')
    list.setAttribute('aria-label', box.dataset.verbundSuggestLabel)
    list.hidden = true
    box.append(list)
    input.setAttribute('role', 'combobox')
    input.setAttribute('aria-autocomplete', 'list')
    input.setAttribute('aria-expanded', 'false')
    input.setAttribute('aria-controls', list.id)
    let timer = 0
    let asked = null
    let active = -1

    function close () {
      clearTimeout(timer)
      if (asked) { asked.abort() }
      list.hidden = true
      active = -1
      input.setAttribute('aria-expanded', 'false')
      input.removeAttribute('aria-activedescendant')
    }

    function choose (number) {
      const options = list.children
      if (active >= 0) { options[active].setAttribute('aria-selected', 'false') }
      active = (number + options.length) % options.length
      options[active].setAttribute('aria-selected', 'true')
      options[active].scrollIntoView({ block: 'nearest' })
      input.setAttribute('aria-activedescendant', options[active].id)
    }

    async function ask () {
      const text = input.value.trim()
      if (text.length < LEAST) { close(); return }
      if (asked) { asked.abort() }
      asked = new AbortController()
      try {
        const address = box.dataset.verbundSuggest + '?q=' + encodeURIComponent(text.slice(0, 100))
        const answer = await fetch(address, { signal: asked.signal, credentials: 'same-origin' })
        if (!answer.ok) { close(); return }
        const html = await answer.text()
        if (document.activeElement !== input || input.value.trim() !== text) { return }
        list.innerHTML = html
        Array.from(list.childNodes).forEach(function (node) {
          if (node.nodeType !== Node.ELEMENT_NODE) { node.remove() }
        })
        Array.from(list.children).forEach(function (option) { option.id = input.id + '-' + option.id })
        active = -1
        input.removeAttribute('aria-activedescendant')
        list.hidden = !list.children.length
        input.setAttribute('aria-expanded', String(!list.hidden))
      } catch (error) {
        if (error.name !== 'AbortError') { close() }
      }
    }

    input.addEventListener('input', function () {
      clearTimeout(timer)
      timer = setTimeout(ask, WAIT)
    })
    input.addEventListener('keydown', function (event) {
      if (event.key === 'Escape') {
        // The first Esc closes the list, the next one empties the field, as browsers do.
        if (!list.hidden) { event.preventDefault() }
        close()
      } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        if (list.hidden) { if (event.key === 'ArrowDown') { ask() } return }
        event.preventDefault()
        choose(event.key === 'ArrowDown' ? active + 1 : (active < 0 ? 0 : active) - 1)
      } else if (event.key === 'Enter' && active >= 0 && !list.hidden) {
        event.preventDefault()
        location.assign(list.children[active].dataset.url)
      } else if (event.key === 'Enter' || event.key === 'Tab') {
        close()
      }
    })
    input.addEventListener('blur', close)
    // Before the field loses focus and closes the list.
    list.addEventListener('mousedown', function (event) { event.preventDefault() })
    list.addEventListener('click', function (event) {
      const option = event.target.closest('[role=option]')
      if (option) { location.assign(option.dataset.url) }
    })
    if (input.form) { input.form.addEventListener('submit', close) }
  }

  document.querySelectorAll('[data-verbund-suggest]').forEach(combobox)
})();
