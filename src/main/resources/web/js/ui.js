import { html, useEffect, useRef, useState } from './html.js';
import { absolute, age } from './format.js';

const MARKS = {
  accepted: '○', pulling: '↓', starting: '◔', running: '▶', paused: '❚❚', stopping: '◼',
  succeeded: '✓', failed: '✕', cancelled: '⊘', rejected: '⊝', lost: '?',
  ready: '✓', degraded: '!', draining: '↘', stopped: '■', silent: '?',
};

/** A state as mark and word; the colour only repeats it. */
export const State = ({ of }) => html`
  <span class=${'state s-' + of}><span class="mark" aria-hidden="true">${MARKS[of] || '•'}</span>${of}</span>`;

/** The clock, for what shows how long ago something was. */
export function useNow(ms = 1000) {
  const [now, set] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => set(Date.now()), ms);
    return () => clearInterval(timer);
  }, [ms]);
  return now;
}

export const Age = ({ time, now }) => html`<time dateTime=${time || ''} title=${absolute(time)}>${age(time, now)}</time>`;

export const Empty = ({ title, children }) => html`
  <div class="empty"><p class="empty-title">${title}</p>${children}</div>`;

export const Loading = ({ what }) => html`<p class="loading" role="status">Loading ${what}…</p>`;

export const Failure = ({ failure }) => html`
  <p class="banner bad" role="alert"><strong>${failure.code ? failure.code + ': ' : ''}</strong>${failure.message}</p>`;

/** Copies a text and says so for a moment. */
export function Copy({ text, label, what, plain }) {
  const [done, set] = useState('');
  const copy = async () => {
    set((await toClipboard(text)) ? 'Copied' : 'Not allowed');
    setTimeout(() => set(''), 1500);
  };
  return html`<button type="button" class=${plain ? 'plain' : 'quiet'} onClick=${copy} title=${what || ''}
    aria-label=${what || label}>${done || label}</button>`;
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return byHand(text);
  }
}

/** Browsers have no clipboard for pages that came by plain HTTP from elsewhere. */
function byHand(text) {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  return done;
}

/** Asks before it is done. `close(false)` for no, `close(text)` for yes. */
export function Confirm({ title, children, yes, reason, close }) {
  const dialog = useRef(null);
  const text = useRef(null);
  useEffect(() => dialog.current.showModal(), []);
  const submit = (event) => {
    event.preventDefault();
    close(text.current ? text.current.value.trim() : '');
  };
  return html`
    <dialog ref=${dialog} aria-labelledby="confirm-title" onCancel=${() => close(false)}>
      <form onSubmit=${submit}>
        <h2 id="confirm-title">${title}</h2>
        ${children}
        ${reason && html`<label class="field"><span>Reason (optional)</span><input ref=${text} maxlength="500" /></label>`}
        <p class="actions">
          <button type="button" onClick=${() => close(false)}>Keep it</button>
          <button type="submit" class="danger">${yes}</button>
        </p>
      </form>
    </dialog>`;
}

/** A bar with its numbers beside it. */
export const Meter = ({ label, used, most, text }) => html`
  <div class="meter">
    <span class="meter-label">${label}</span>
    <span class="meter-bar" aria-hidden="true"><span style=${{ width: (most ? Math.min(100, (100 * used) / most) : 0) + '%' }}></span></span>
    <span class="meter-text">${text}</span>
  </div>`;
