// Before the first paint, so that nothing flashes: the theme that was chosen here, or the system's.
(() => {
  try {
    const chosen = localStorage.getItem('longshore.theme');
    if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
  } catch {
    // No storage in this browser: the system's theme it is.
  }
})();
