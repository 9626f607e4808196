// Before the first paint, so that a dark screen does not flash white.
(function () {
  var chosen = localStorage.getItem('mastic.theme');
  var dark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.style.background = dark ? '#161d26' : '#ffffff';
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
})();
