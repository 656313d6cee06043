import { html, useEffect, useState } from './html.js';

const listeners = new Set();
const changed = () => listeners.forEach((each) => each());
addEventListener('popstate', changed);

/** Goes to a place in this page; `replace` leaves no step back. */
export function go(url, replace = false) {
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  if (!replace) scrollTo(0, 0);
  changed();
}

/** The path's parts and the query, kept current. */
export function useRoute() {
  const [place, set] = useState(location.pathname + location.search);
  useEffect(() => {
    const update = () => set(location.pathname + location.search);
    listeners.add(update);
    return () => listeners.delete(update);
  }, []);
  const url = new URL(place, location.origin);
  return { parts: url.pathname.split('/').filter(Boolean).map(decoded), query: url.searchParams };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The same place with other values in the query; empty ones are left out. */
export function withQuery(query, changes) {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const text = next.toString();
  return location.pathname + (text ? '?' + text : '');
}

/** A link within the page; with a modifier key it is the browser's own. */
export function Link({ to, children, ...rest }) {
  const click = (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return html`<a href=${to} onClick=${click} ...${rest}>${children}</a>`;
}
