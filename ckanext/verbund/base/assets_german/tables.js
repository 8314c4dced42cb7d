// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
/* global $ gdataDict */

// German in the table view, where CKAN's script leaves no option: decimal commas in
// the cells of number columns, days as 24.11.2026, the name of the column with row numbers, and the
// date pattern in filters. Thousands stay ungrouped: a column of numbers may as
// well hold years or keys.
(function () {
  'use strict'

  const numberTypes = /^(numeric|decimal|real|float[48]?|double precision)$/

  $(document).on('xhr.dt', function (_event, _settings, json) {
    if (!json || !json.data) { return }
    const named = function (test) {
      return gdataDict.filter(test).map(function (column) { return column.id })
    }
    const numbers = named(function (column) { return numberTypes.test(column.type) })
    const days = named(function (column) { return column.type === 'date' })
    json.data.forEach(function (row) {
      numbers.forEach(function (name) {
        if (/^-?\d+\.\d+$/.test(row[name])) { row[name] = row[name].replace('.', ',') }
      })
      days.forEach(function (name) {
        const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(row[name])
        if (day) { row[name] = day[3] + '.' + day[2] + '.' + day[1] }
      })
    })
  })

  $(function () { $('#dtprv th[data-name="_id"]').text('Zeile') })

  $(document).on('init.dt', function () {
    $('input.fhead[placeholder="yyyy-mm-dd"]').attr('placeholder', 'JJJJ-MM-TT')
  })
})()
