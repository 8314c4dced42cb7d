// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
/* global jQuery */

// CKAN ships select2 with its English texts alone.
(function ($) {
  'use strict'

  if (!$ || !$.fn.select2) { return }
  $.fn.select2.defaults.set('language', {
    errorLoading: () => 'Die Ergebnisse konnten nicht geladen werden.',
    inputTooLong: (e) => 'Bitte ' + (e.input.length - e.maximum) + ' Zeichen weniger eingeben.',
    inputTooShort: (e) => 'Bitte ' + (e.minimum - e.input.length) + ' Zeichen mehr eingeben.',
    loadingMore: () => 'Weitere Ergebnisse werden geladen …',
    maximumSelected: (e) => 'Höchstens ' + e.maximum + ' Einträge sind möglich.',
    noResults: () => 'Nichts gefunden',
    searching: () => 'Suche läuft …',
    removeAllItems: () => 'Alle Einträge entfernen',
    removeItem: () => 'Eintrag entfernen',
    search: () => 'Suchen'
  })
})(window.jQuery)
