import { ask, get, path } from './api.js';

const POLL_MS = 2000;
/** Many changes at once are shown as one. */
const TELL_MS = 100;
const RETRY_MS = [500, 1000, 2000, 4000, 8000];

/**
 * A page of the list, kept current: by the server's own stream where it has one, else by asking again.
 * `tell({rows, nextCursor, state, retryAt})`; state is loading, live, or lost while nobody answers.
 */
export class LiveList {
  constructor(query, tell) {
    this.query = new URLSearchParams(query);
    this.tell = tell;
    this.rows = new Map();
    this.nextCursor = null;
    this.failures = 0;
    this.filling = null; // what comes after the server has begun anew, until it is all there
    this.telling = 0;
    this.closed = new AbortController();
    this.streams = !query.cursor; // an older page changes little: asking again does
    this.run();
  }

  close() {
    this.closed.abort();
    clearTimeout(this.timer);
    clearTimeout(this.telling);
  }

  async run() {
    while (!this.closed.signal.aborted) {
      try {
        await this.load();
        this.failures = 0;
        if (this.streams) await this.listen();
        await this.pause(POLL_MS);
      } catch (failure) {
        if (this.closed.signal.aborted) return;
        const delay = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
        this.say(failure.status >= 400 && failure.status < 500 ? 'refused' : 'lost', failure, Date.now() + delay);
        await this.pause(delay);
      }
    }
  }

  async load() {
    const page = await get(path('executions') + '?' + this.query, this.closed.signal);
    this.rows = new Map(page.executions.map((row) => [row.executionId, row]));
    this.nextCursor = page.nextCursor ?? null;
    this.say('live');
  }

  /** Reads the stream to its end; a server that has none refuses the parameter, and is not asked again. */
  async listen() {
    const query = new URLSearchParams(this.query);
    query.set('watch', 'true');
    const answer = await fetch(path('executions') + '?' + query, {
      headers: { Accept: 'text/event-stream' }, cache: 'no-store', signal: this.closed.signal,
    });
    if (!answer.ok || !(answer.headers.get('Content-Type') || '').startsWith('text/event-stream')) {
      this.streams = answer.status === 401 || answer.status >= 500;
      await answer.body?.cancel();
      return;
    }
    for await (const { name, data } of events(answer.body)) {
      this.take(name, JSON.parse(data));
      if (this.telling || this.filling) continue;
      this.telling = setTimeout(() => {
        this.telling = 0;
        this.trim();
        this.say('live');
      }, TELL_MS);
    }
  }

  take(name, data) {
    const all = this.filling || this.rows;
    if (name === 'execution') all.set(data.executionId, data);
    else if (name === 'gone') all.delete(data.executionId);
    else if (name === 'reload') this.filling = new Map();
    else if (name === 'ready' && this.filling) {
      this.rows = this.filling;
      this.filling = null;
    }
  }

  /** A page stays a page: the newest first, no more than asked for. */
  trim() {
    const most = Number(this.query.get('limit') || 50);
    const state = this.query.get('state');
    const sorted = [...this.rows.values()]
      .filter((row) => !state || row.state === state)
      .sort((a, b) => String(b.acceptedAt).localeCompare(String(a.acceptedAt)));
    this.rows = new Map(sorted.slice(0, most).map((row) => [row.executionId, row]));
  }

  say(state, failure = null, retryAt = null) {
    if (this.closed.signal.aborted) return;
    this.tell({ rows: [...this.rows.values()], nextCursor: this.nextCursor, state, failure, retryAt });
  }

  pause(ms) {
    return new Promise((done) => {
      this.timer = setTimeout(done, ms);
      this.closed.signal.addEventListener('abort', done, { once: true });
    });
  }
}

/** Each event of a stream of Server-Sent Events: `{name, data}`. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (buffer + value).split('\n\n');
    buffer = blocks.pop();
    for (const block of blocks) {
      const field = (name) => block.split('\n').filter((line) => line.startsWith(name + ': ')).map((line) => line.slice(name.length + 2)).join('\n');
      if (field('data')) yield { name: field('event') || 'message', data: field('data') };
    }
  }
}

/** Asks `url` now and every `ms`; the answer or the failure goes to `tell`. Returns what ends it. */
export function poll(url, ms, tell) {
  const closed = new AbortController();
  let timer;
  const once = async () => {
    let next = ms;
    try {
      const answer = await ask(url, { signal: closed.signal, headers: { Accept: 'application/json' } });
      const body = await answer.json();
      if (!closed.signal.aborted) next = tell(body, null) ?? ms;
    } catch (failure) {
      if (!closed.signal.aborted) next = tell(null, failure) ?? ms;
    }
    if (!closed.signal.aborted && next > 0) timer = setTimeout(once, next);
  };
  once();
  return () => {
    closed.abort();
    clearTimeout(timer);
  };
}
