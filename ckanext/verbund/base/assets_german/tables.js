// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
/* global $ gdataDict */

// German in the table view, where CKAN's script leaves no option: decimal commas in
// the cells of number columns, the name of the column with row numbers, and the
// date pattern in filters. Thousands stay ungrouped: a column of numbers may as
// well hold years or keys.
(function () {
  'use strict'

  const numberTypes = /^(numeric|decimal|real|float[48]?|double precision)$/

  $(document).on('xhr.dt', function (_event, _settings, json) {
    if (!json || !json.data) { return }
    const columns = gdataDict
      .filter(function (column) { return numberTypes.test(column.type) })
      .map(function (column) { return column.id })
    json.data.forEach(function (row) {
      columns.forEach(function (name) {
        if (/^-?\d+\.\d+$/.test(row[name])) { row[name] = row[name].replace('.', ',') }
      })
    })
  })

  $(function () { $('#dtprv th[data-name="_id"]').text('Zeile') })

  $(document).on('init.dt', function () {
    $('input.fhead[placeholder="yyyy-mm-dd"]').attr('placeholder', 'JJJJ-MM-TT')
  })
})()
