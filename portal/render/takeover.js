// Takes the first paint away once Streamlit has drawn the same page, in one step, at the same place;
// says so when Streamlit can't start. Written for old browsers too: they keep the first paint.
(function () {
  'use strict';
  var first = document.getElementById('first'), root = document.getElementById('root');
  var offline = document.getElementById('first-offline'), watch = null;
  if (!first || !root) { return; }

  function sayOffline() { if (offline) { offline.hidden = false; } }
  if (!('noModule' in document.createElement('script')) || !window.MutationObserver || !window.WebSocket) {
    sayOffline();
    return;
  }

  // Streamlit asks for the typeface of its icons at once: 380 kB, before what draws the page, and on most pages for nothing.
  // Left alone, the browser loads it with the first icon that is seen.
  var faces = document.fonts, load = faces && faces.load;
  if (load) {
    faces.load = function (font) {
      return /Material Symbols/.test(font) ? Promise.resolve([]) : load.apply(faces, arguments);
    };
  }

  function busy() {  // an open choice is not taken out of a visitor's hand
    var here = document.activeElement;
    return here && first.contains(here) && here.tagName === 'SELECT';
  }

  // The heading that stands at the top of the window, and how far below it.
  function place() {
    var found = null, all = first.querySelectorAll('.card h2, h1'), i, top;
    for (i = 0; i < all.length; i += 1) {
      top = all[i].getBoundingClientRect().top;
      if (top < window.innerHeight / 2) { found = { index: i, top: top }; }
    }
    return found;
  }

  function takeOver() {
    var where = window.pageYOffset > 0 ? place() : null, here = document.activeElement, main, same, opened, i;
    var link = here && first.contains(here) && here.getAttribute('href');
    opened = [];
    same = first.querySelectorAll('details');
    for (i = 0; i < same.length; i += 1) { if (same[i].open) { opened.push(i); } }
    watch.disconnect();
    first.parentNode.removeChild(first);
    document.body.classList.remove('plain');
    same = root.querySelectorAll('details');
    opened.forEach(function (at) { if (same[at]) { same[at].open = true; } });
    main = root.querySelector('[data-testid="stMain"]');
    if (where && main) {
      same = root.querySelectorAll('.card h2, h1')[where.index];
      if (same) { main.scrollTop += same.getBoundingClientRect().top - where.top; }
    } else if (window.location.hash) {
      same = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
      for (main = same; main; main = main.parentElement) { if (main.tagName === 'DETAILS') { main.open = true; } }
      if (same) { same.scrollIntoView(); }
    }
    if (link) {
      same = Array.prototype.filter.call(root.querySelectorAll('a[href]'), function (one) {
        return one.getAttribute('href') === link;
      })[0];
      if (same) { same.focus({ preventScroll: true }); }
    }
  }

  // A typeface that came too late for the first paint (font-display: optional) would break lines anew: keep the stand-in.
  var keepFace = function () {
    var probe = document.createElement('span'), widths;
    probe.textContent = 'mmmmmmmmmmlli';
    probe.style.cssText = 'position:absolute;visibility:hidden;font-size:64px';
    document.body.appendChild(probe);
    widths = ['"Source Sans 3", monospace', 'monospace'].map(function (family) {
      probe.style.fontFamily = family;
      return probe.getBoundingClientRect().width;
    });
    document.body.removeChild(probe);
    if (widths[0] === widths[1]) { document.documentElement.classList.add('late-font'); }
  };

  // The style that Streamlit's page will import; asked for now, so that it neither delays the first paint nor comes late.
  var preloadStyle = function () {
    var link = document.createElement('link');
    link.rel = 'preload';
    link.as = 'style';
    link.href = first.getAttribute('data-style');
    document.head.appendChild(link);
  };

  function look() {
    if (!first.parentNode) { return; }  // taken away already: what is left of the page is Streamlit's
    if (keepFace) { keepFace(); keepFace = null; preloadStyle(); }  // when Streamlit begins, before it brings the typeface again
    // Widgets come in a file of their own: until they are drawn, a skeleton stands for them, of another height.
    var drawn = root.querySelector('.portal .foot') && !root.querySelector('[data-testid="stSkeleton"]');
    if (drawn && !busy()) { takeOver(); }
  }
  watch = new MutationObserver(look);
  watch.observe(root, { childList: true, subtree: true });
  document.addEventListener('focusout', function () { window.setTimeout(look, 0); });

  // A script of Streamlit's that can't be loaded, or nothing drawn ten seconds after all of them are.
  window.addEventListener('error', function (event) {
    if (event.target && event.target.tagName === 'SCRIPT') { sayOffline(); }
  }, true);
  window.addEventListener('load', function () { window.setTimeout(sayOffline, 10000); });
}());
