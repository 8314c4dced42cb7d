/* SPDX-FileCopyrightText: 2026 Datenverbund
   SPDX-License-Identifier: AGPL-3.0-or-later
   Pages of datasets: sections become tabs (ARIA Authoring Practices, "Tabs", automatic
   activation), texts can be copied. Everything is readable without this script. */
(function () {
  'use strict';

  function makeTabs(holder) {
    var panels = Array.from(holder.querySelectorAll(':scope > [data-verbund-tab]'));
    if (panels.length < 2) return;
    var list = document.createElement('div');
    list.className = 'verbund-tabs';
    list.setAttribute('role', 'tablist');
    list.setAttribute('aria-labelledby', 'vorschau-titel');
    var tabs = panels.map(function (panel) {
      var heading = panel.querySelector('h3');
      var tab = document.createElement('button');
      tab.type = 'button';
      tab.id = 'tab-' + panel.id;
      tab.setAttribute('role', 'tab');
      tab.setAttribute('aria-controls', panel.id);
      tab.textContent = heading.textContent;
      heading.classList.add('visually-hidden');
      panel.setAttribute('role', 'tabpanel');
      panel.setAttribute('aria-labelledby', tab.id);
      list.appendChild(tab);
      return tab;
    });
    function select(index, focus) {
      tabs.forEach(function (tab, n) {
        tab.setAttribute('aria-selected', n === index ? 'true' : 'false');
        tab.tabIndex = n === index ? 0 : -1;
        panels[n].hidden = n !== index;
      });
      if (focus) tabs[index].focus();
    }
    list.addEventListener('click', function (event) {
      var index = tabs.indexOf(event.target);
      if (index >= 0) select(index, true);
    });
    list.addEventListener('keydown', function (event) {
      var now = tabs.indexOf(document.activeElement);
      var next = {
        ArrowRight: (now + 1) % tabs.length,
        ArrowLeft: (now + tabs.length - 1) % tabs.length,
        Home: 0,
        End: tabs.length - 1
      }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      select(next, true);
    });
    holder.insertBefore(list, holder.firstChild);
    function follow() {
      var wanted = panels.findIndex(function (panel) { return '#' + panel.id === location.hash; });
      if (wanted >= 0) select(wanted, false);
      return wanted >= 0;
    }
    if (!follow()) select(0, false);
    window.addEventListener('hashchange', follow);
  }

  function makeCopies(page) {
    var said = page.querySelector('[role=status][data-verbund-said]');
    if (!navigator.clipboard || !said) return;
    page.querySelectorAll('[data-verbund-copy]').forEach(function (button) {
      button.hidden = false;
      button.addEventListener('click', function () {
        navigator.clipboard.writeText(button.dataset.verbundCopy).then(function () {
          var before = button.textContent;
          said.textContent = said.dataset.verbundSaid;
          button.textContent = said.dataset.verbundSaid;
          setTimeout(function () {
            said.textContent = '';
            button.textContent = before;
          }, 2500);
        });
      });
    });
  }

  document.querySelectorAll('[data-verbund-tabs]').forEach(makeTabs);
  document.querySelectorAll('[data-verbund-dataset]').forEach(makeCopies);
})();
