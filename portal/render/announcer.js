// What Streamlit leaves to the page, for who reads by ear or by keyboard: a skip link in the page's language, focus on
// the heading of a new page, the answer told once after a choice, charts that scroll by keyboard. For old browsers too.
(function () {
  'use strict';
  var root = document.getElementById('root'), first = document.getElementById('first');
  var skip = first && first.querySelector('.skip'), heard = document.createElement('p');
  var last = null, wait = null;
  if (!root || !window.MutationObserver) { return; }

  heard.className = 'heard';
  heard.setAttribute('role', 'status');
  document.body.insertBefore(heard, document.body.firstChild);
  if (skip) {  // outside of the first paint it stays when that goes
    document.body.insertBefore(skip, document.body.firstChild);
    skip.addEventListener('click', function (event) {
      if (focusHeading()) { event.preventDefault(); }
    });
  }

  function focusHeading() {
    var heading = root.querySelector('h1');
    if (!heading) { return false; }
    heading.setAttribute('tabindex', '-1');
    heading.focus();
    return true;
  }

  // A button takes along what stands under an id: each statement of several. Without this script there is no button.
  document.documentElement.classList.add('scripted');
  document.addEventListener('click', function (event) {
    var button = event.target.closest && event.target.closest('[data-copy]');
    var source = button && document.getElementById(button.getAttribute('data-copy'));
    if (source) { copy(source, function () { heard.textContent = button.getAttribute('data-copied'); }); }
  });

  function copy(source, done) {
    var codes = source.querySelectorAll('code'), parts = [], i, area;
    for (i = 0; i < codes.length; i += 1) { parts.push(codes[i].textContent); }
    parts = parts.length ? parts.join(';\n\n') : source.textContent.trim();
    if (navigator.clipboard) { navigator.clipboard.writeText(parts).then(done, function () {}); return; }
    area = document.createElement('textarea');  // without TLS there is no clipboard
    area.value = parts;
    document.body.appendChild(area);
    area.select();
    if (document.execCommand('copy')) { done(); }
    document.body.removeChild(area);
  }

  function text(selector) {
    var one = root.querySelector(selector);
    return one ? one.textContent.replace(/\s+/g, ' ').trim() : '';
  }

  function lookSoon() {
    window.clearTimeout(wait);
    wait = window.setTimeout(look, 300);
  }

  // The page and what it answers, once Streamlit's script has ended and all of it is drawn.
  function look() {
    if (root.querySelector('[data-test-script-state="running"], [data-test-script-state="rerunRequested"]')) {
      lookSoon();
      return;
    }
    var now = { heading: text('h1'), answer: text('.lead'), status: text('.newest'), title: document.title }, changed;
    if (!now.heading || !root.querySelector('.portal .foot')) { return; }
    if (last && now.heading !== last.heading) {
      heard.textContent = '';
      focusHeading();
    } else if (last) {  // the first of these that a choice has changed
      changed = ['answer', 'status', 'title'].filter(function (what) { return now[what] !== last[what]; })[0];
      if (changed) { heard.textContent = now[changed]; }
    }
    last = now;
    heard.setAttribute('data-page', now.heading);  // what it was told of last: tests wait for it
  }

  // Streamlit draws a page in many steps: look when it has been still for a moment.
  new MutationObserver(function () {
    var charts, i;
    if (skip && document.getElementById('stMain')) { skip.setAttribute('href', '#stMain'); }  // the first paint's goes
    charts = root.querySelectorAll('[data-testid="stVegaLiteChart"]:not([tabindex])');
    for (i = 0; i < charts.length; i += 1) { charts[i].setAttribute('tabindex', '0'); }  // wider than a phone: it scrolls
    lookSoon();
  }).observe(root, { childList: true, subtree: true, characterData: true });

  // While the connection is lost, Streamlit lays an English dialog over the page, and nothing below it can be touched, no
  // phone number either. The page says it in the visitor's language itself (.lost, #first-offline): the dialog is closed.
  function closeDialog() {
    var lost = root.querySelector('[data-test-connection-state]:not([data-test-connection-state="CONNECTED"])');
    var close = lost && document.querySelector('body > [data-testid="stDialog"] button[aria-label="Close"]');
    if (close) { close.click(); }
  }

  // Streamlit opens a list of choices outside of all landmarks: it becomes one, with the name of its choice.
  new MutationObserver(function () {
    var lists = document.querySelectorAll('body > :not(#root):not([role]) [role="listbox"]'), around, i;
    closeDialog();
    for (i = 0; i < lists.length; i += 1) {
      around = lists[i].parentNode;
      if (around.getAttribute('role') || !lists[i].getAttribute('aria-label')) { continue; }
      around.setAttribute('role', 'region');
      around.setAttribute('aria-label', lists[i].getAttribute('aria-label'));
    }
  }).observe(document.body, { childList: true, subtree: true });
}());
