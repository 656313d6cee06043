const BASE = '/api/v1';

/** What the server or the network refused: `status` 0 where nobody answered. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || 'The server answered ' + status + '.');
    this.status = status;
    this.code = body.code || '';
    this.errors = Array.isArray(body.errors) ? body.errors : [];
  }
}

let askForToken = () => {};

/** Called when the server wants a bearer token. */
export function onTokenWanted(callback) {
  askForToken = callback;
}

/** Trades a bearer token for a cookie that no script can read; every request and websocket then has it. */
export async function signIn(token) {
  await ask(BASE + '/session', { method: 'POST', headers: { Authorization: 'Bearer ' + token } });
}

export const path = (...parts) => BASE + '/' + parts.map(encodeURIComponent).join('/');

/** The answer, whatever its body; throws a Problem for anything but 2xx. */
export async function ask(url, options = {}) {
  let answer;
  try {
    answer = await fetch(url, { cache: 'no-store', ...options });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new Problem(0, { detail: 'The server does not answer.' });
  }
  if (answer.ok) return answer;
  if (answer.status === 401) askForToken();
  let body = {};
  try {
    body = await answer.json();
  } catch {
    // Not from our server: its status has to do.
  }
  throw new Problem(answer.status, body);
}

export async function get(url, signal) {
  const answer = await ask(url, { headers: { Accept: 'application/json' }, signal });
  return answer.json();
}

export async function post(url, body) {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  const answer = await ask(url, { method: 'POST', body: text, headers: { 'Content-Type': 'application/json' } });
  return answer.json();
}

/** Lets the browser store what stands there, under this name. */
export function download(url, name) {
  const link = document.createElement('a');
  link.download = name;
  link.href = url;
  link.click();
}
