// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// The ground of every map: outlines from this portal. A tile service, if one is configured,
// loads only after the person agreed. Takes the place of `ckan.commonLeafletMap`, which
// ckanext-spatial and ckanext-geoview bring along with third-party tiles.
(function (ckan) {
  'use strict'
  const STORED = 'verbund-tiles'
  const FAR = 8 // below: states only
  const NEAR = 10 // from here on: municipalities
  const LETTER = 7 // width of a letter of a label, in pixels

  const said = () => document.getElementById('verbund-map').dataset

  function agreed () {
    try { return window.localStorage.getItem(STORED) === said().tiles } catch (e) { return false }
  }

  function remember (yes) {
    try {
      if (yes) { window.localStorage.setItem(STORED, said().tiles) } else { window.localStorage.removeItem(STORED) }
    } catch (e) { /* for this page only */ }
  }

  function own (address) {
    return new URL(address, window.location.href).host === window.location.host
  }

  // One promise for each layer, shared by all maps of the page.
  const loading = {}
  function load (name) {
    if (!loading[name]) {
      loading[name] = window.fetch(said().ground + name + '.json')
        .then((answer) => answer.ok ? answer.json() : { features: [] })
        .then((all) => all.features)
        .catch(() => [])
    }
    return loading[name]
  }

  function Ground (map) {
    const drawn = {}
    const labels = L.layerGroup()
    const pane = map.createPane('verbund-ground')
    pane.style.zIndex = 250
    pane.style.pointerEvents = 'none'
    labels.addTo(map)

    const meets = (feature, view) =>
      view.intersects([[feature.bbox[1], feature.bbox[0]], [feature.bbox[3], feature.bbox[2]]])

    function names (features, view) {
      labels.clearLayers()
      features.filter((f) => meets(f, view)).forEach(function (feature) {
        const [west, south, east, north] = feature.bbox
        const room = map.latLngToLayerPoint([south, east]).x - map.latLngToLayerPoint([south, west]).x
        if (room < feature.properties.label.length * LETTER) { return }
        const span = document.createElement('span')
        span.textContent = feature.properties.label
        L.marker([(south + north) / 2, (west + east) / 2], {
          pane: 'verbund-ground',
          interactive: false,
          keyboard: false,
          icon: L.divIcon({ className: 'verbund-map-label', html: span, iconSize: [0, 0] })
        }).addTo(labels)
      })
    }

    function show (features, kind, view) {
      features.filter((f) => meets(f, view)).forEach(function (feature) {
        const key = kind + feature.properties.key
        if (drawn[key]) { return }
        drawn[key] = L.geoJSON(feature, {
          pane: 'verbund-ground', interactive: false, style: { className: 'verbund-map-' + kind }
        }).addTo(map)
      })
    }

    async function draw () {
      if (!map._loaded) { return }
      const view = map.getBounds().pad(0.25)
      const zoom = map.getZoom()
      const states = await load('laender')
      show(states, 'laender', view)
      let named = states
      if (zoom >= FAR) {
        const kind = zoom >= NEAR ? 'gemeinden' : 'kreise'
        const near = states.filter((state) => meets(state, map.getBounds()))
        const found = await Promise.all(near.map((state) => load(kind + '/' + state.properties.key)))
        named = found.flat()
        show(named, kind, view)
      }
      if (zoom === map.getZoom()) { names(named, map.getBounds()) }
    }

    map.on('moveend', draw)
    map.whenReady(draw)
    return { hide (yes) { pane.style.display = yes ? 'none' : '' } }
  }

  function ask (map, ground) {
    const words = said()
    let tiles = null
    const credit = L.control.attribution({ prefix: false }).addTo(map)

    function set (on) {
      if (on && !tiles) {
        tiles = L.tileLayer(words.tiles, { maxZoom: 18, attribution: words.attribution }).addTo(map)
      } else if (!on && tiles) {
        tiles.remove()
        tiles = null
      }
      ground.hide(on)
      if (!on) { credit.addAttribution(words.credit) } else { credit.removeAttribution(words.credit) }
    }

    if (!words.tiles || own(words.tiles)) { return set(Boolean(words.tiles)) }
    const bar = document.createElement('div')
    bar.className = 'verbund-map-ask'
    const text = document.createElement('p')
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'btn btn-sm'
    bar.append(text, button)
    map.getContainer().insertAdjacentElement('afterend', bar)

    function tell (on) {
      set(on)
      text.textContent = on ? words.loaded : words.ask
      button.textContent = on ? words.off : words.on
      map.invalidateSize()
    }
    button.addEventListener('click', function () {
      remember(!tiles)
      tell(!tiles)
    })
    tell(agreed())
  }

  ckan.commonLeafletMap = function (container, mapConfig, options) {
    const words = said()
    const map = new L.Map(container, Object.assign({}, options, { attributionControl: false, zoomControl: false, maxZoom: 18 }))
    L.control.zoom({ zoomInTitle: words.nearer, zoomOutTitle: words.farther }).addTo(map)
    map.getContainer().setAttribute('role', 'region')
    map.getContainer().setAttribute('aria-label', words.name)
    map.on('popupopen', function (event) {
      const close = event.popup.getElement().querySelector('.leaflet-popup-close-button')
      if (close) { close.setAttribute('aria-label', words.close) }
    })
    ask(map, Ground(map))
    return map
  }

  // ckanext-geoview's viewer for KML and GML draws with OpenLayers.
  if (window.OL_HELPERS && window.ol) {
    window.OL_HELPERS.createLayerFromConfig = function () {
      const format = new window.ol.format.GeoJSON()
      const style = getComputedStyle(document.body)
      const layer = new window.ol.layer.Vector({
        source: new window.ol.source.Vector({ url: said().ground + 'laender.json', format }),
        style: new window.ol.style.Style({
          stroke: new window.ol.style.Stroke({ color: style.getPropertyValue('color'), width: 0.5 })
        })
      })
      return window.jQuery.Deferred().resolve([layer]).promise()
    }
  }
})(this.ckan);
