// SPDX-FileCopyrightText: 2026 Datenverbund
// SPDX-License-Identifier: AGPL-3.0-or-later
// Before anything is drawn: the scheme that the person chose on this device, if any.
(function () {
  'use strict'
  let chosen = null
  try { chosen = window.localStorage.getItem('verbund-scheme') } catch (e) { /* switched off */ }
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.setAttribute('data-kern-theme', chosen)
  }
})()
