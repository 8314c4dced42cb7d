// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// A section of the map of outlines: drag across it, or click two corners. What it does the
// fields for degrees do as well, by keyboard and without this script.
(function () {
  'use strict'
  const box = document.querySelector('[data-verbund-draw]')
  const form = document.querySelector('[data-verbund-section]')
  if (!box || !form) { return }
  const svg = box.querySelector('svg')
  const button = box.querySelector('[data-verbund-draw-start]')
  const hint = box.querySelector('[data-verbund-draw-hint]')
  const bounds = svg.dataset.verbundBounds.split(',').map(Number)
  const LEAST = 5 // pixels; less is a click
  let first = null
  let moved = false
  let shape = null

  function place (event) {
    const frame = svg.getBoundingClientRect()
    const view = svg.viewBox.baseVal
    const scale = Math.min(frame.width / view.width, frame.height / view.height)
    const x = (event.clientX - frame.left - (frame.width - view.width * scale) / 2) / scale
    const y = (event.clientY - frame.top - (frame.height - view.height * scale) / 2) / scale
    return { x: Math.max(0, Math.min(view.width, x)), y: Math.max(0, Math.min(view.height, y)), px: event.clientX, py: event.clientY }
  }

  function show (last) {
    if (!shape) {
      shape = document.createElementNS('http://www.w3.org/2000/svg', 'rect')
      shape.setAttribute('class', 'section')
      svg.append(shape)
    }
    shape.setAttribute('x', Math.min(first.x, last.x))
    shape.setAttribute('y', Math.min(first.y, last.y))
    shape.setAttribute('width', Math.abs(first.x - last.x))
    shape.setAttribute('height', Math.abs(first.y - last.y))
  }

  function end () {
    first = null
    if (shape) { shape.remove(); shape = null }
    box.classList.remove('verbund-draw--on')
    button.setAttribute('aria-pressed', 'false')
    hint.hidden = true
  }

  function finish (last) {
    const view = svg.viewBox.baseVal
    const [west, south, east, north] = bounds
    const longitude = function (x) { return (west + (east - west) * x / view.width).toFixed(4) }
    const latitude = function (y) { return (north - (north - south) * y / view.height).toFixed(4) }
    form.elements.west.value = longitude(Math.min(first.x, last.x))
    form.elements.east.value = longitude(Math.max(first.x, last.x))
    form.elements.north.value = latitude(Math.min(first.y, last.y))
    form.elements.south.value = latitude(Math.max(first.y, last.y))
    form.requestSubmit()
  }

  function drawing () { return box.classList.contains('verbund-draw--on') }

  button.hidden = false
  button.addEventListener('click', function () {
    if (drawing()) { end(); return }
    box.classList.add('verbund-draw--on')
    button.setAttribute('aria-pressed', 'true')
    hint.hidden = false
  })
  svg.addEventListener('pointerdown', function (event) {
    if (!drawing()) { return }
    event.preventDefault()
    if (first) { finish(place(event)); return }
    first = place(event)
    moved = false
  })
  svg.addEventListener('pointermove', function (event) {
    if (!drawing() || !first) { return }
    const here = place(event)
    moved = moved || Math.hypot(here.px - first.px, here.py - first.py) > LEAST
    show(here)
  })
  svg.addEventListener('pointerup', function (event) {
    if (drawing() && first && moved && event.buttons === 0) { finish(place(event)) }
  })
  svg.addEventListener('click', function (event) { if (drawing()) { event.preventDefault() } }, true)
  document.addEventListener('keydown', function (event) { if (event.key === 'Escape') { end() } })
})();
