import { html, useEffect, useRef, useState } from './html.js';
import { LogSocket } from './logsocket.js';
import { LogWindow } from './logwindow.js';
import { gapOf, lineOf, noteOf } from './logrow.js';
import { download, path } from './api.js';
import { getChoice, setChoice } from './store.js';
import { plural } from './format.js';
import { useNow } from './ui.js';

/** Reads a log into a window; remembers what the next line needs of the ones before. */
class Reader {
  constructor(id, attempt, log, tell) {
    this.log = log;
    this.attempt = 0;
    this.styles = {};
    this.seen = -1;
    this.lines = 0;
    this.socket = new LogSocket(id, attempt, { records: (list) => log.add(this.items(list)), state: tell });
  }

  items(records) {
    const items = [];
    for (const record of records) {
      if (record.type === 'hello') this.hello(record, items);
      else if (record.type === 'log' && record.seq > this.seen) items.push(this.line(record));
      else if (record.type === 'gap') items.push(gapOf(record));
      else if (record.type === 'end') items.push(noteOf(endText(record)));
    }
    return items;
  }

  hello(record, items) {
    if (record.attempt === this.attempt) return;
    if (this.attempt) items.push(noteOf('Attempt ' + record.attempt));
    this.attempt = record.attempt;
    this.seen = -1;
    this.styles = {};
  }

  line(record) {
    this.seen = record.seq;
    this.lines++;
    const [item, style] = lineOf(record, this.attempt, this.styles[record.stream]);
    this.styles[record.stream] = style;
    return item;
  }
}

function endText(end) {
  const code = end.exitCode >= 0 ? ', exit code ' + end.exitCode : '';
  return 'End of the log: ' + end.state + code + (end.complete ? '' : '; lines may be missing');
}

const lineInAddress = () => {
  const match = /^#L(\d{1,15})$/.exec(location.hash);
  return match ? Number(match[1]) - 1 : -1;
};

/** The log of an execution: follows while it is at the end, lets go when one scrolls up. */
export function Log({ id, attempt }) {
  const box = useRef(null);
  const find = useRef(null);
  const log = useRef(null);
  const reader = useRef(null);
  const [, redraw] = useState(0);
  const [socket, setSocket] = useState({ name: 'connecting' });
  const [wrap, setWrap] = useState(getChoice('wrap') !== 'off');
  const [times, setTimes] = useState(getChoice('times') === 'on');
  const [needle, setNeedle] = useState('');

  useEffect(() => {
    let sought = lineInAddress();
    const changed = () => {
      const line = sought;
      sought = -1; // going there tells of a change, too
      if (line >= 0 && !log.current.goTo(line)) sought = line;
      redraw((n) => n + 1);
    };
    log.current = new LogWindow(box.current, changed);
    reader.current = new Reader(id, attempt, log.current, (name, detail) => setSocket({ name, detail }));
    const hash = () => lineInAddress() >= 0 && log.current.goTo(lineInAddress());
    addEventListener('hashchange', hash);
    return () => {
      removeEventListener('hashchange', hash);
      reader.current.socket.close();
      log.current.close();
      box.current?.replaceChildren();
    };
  }, [id, attempt]);

  useEffect(() => {
    const timer = setTimeout(() => log.current.search(needle), 120);
    return () => clearTimeout(timer);
  }, [needle]);

  useEffect(() => log.current.follow && log.current.toEnd(), [wrap, times]);

  const toggle = (key, value, set) => () => {
    setChoice(key, value ? 'off' : 'on');
    set(!value);
  };
  useEffect(() => {
    const keys = (event) => {
      if (event.target.closest('input, textarea, select, dialog') || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = {
        '/': () => find.current.focus(),
        f: () => log.current.setFollow(!log.current.follow),
        w: toggle('wrap', wrap, setWrap),
        t: toggle('times', times, setTimes),
        G: () => log.current.setFollow(true),
        g: () => log.current.toStart(),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener('keydown', keys);
    return () => removeEventListener('keydown', keys);
  }, [wrap, times]);

  const view = log.current;
  const lines = reader.current?.lines ?? 0;
  const button = (label, on, click, key) => html`
    <button type="button" class="quiet" aria-pressed=${String(on)} onClick=${click} title=${'Key ' + key} aria-keyshortcuts=${key}>${label}</button>`;
  return html`
    <section class="log-section" aria-labelledby="log-title">
      <div class="log-bar">
        <h2 id="log-title">Log</h2>
        <${Find} input=${find} log=${view} needle=${needle} change=${setNeedle} />
        <span class="log-buttons">
          ${button('Follow', view?.follow ?? true, () => view.setFollow(!view.follow), 'f')}
          ${button('Wrap', wrap, toggle('wrap', wrap, setWrap), 'w')}
          ${button('Times', times, toggle('times', times, setTimes), 't')}
          <button type="button" class="quiet" onClick=${() => download(path('executions', id, 'logs') + (attempt ? '?attempt=' + attempt : ''), id + '.log')}>Download</button>
        </span>
      </div>
      <div class="log-frame">
        <div ref=${box} class=${'log' + (wrap ? ' wrap' : '') + (times ? ' times' : '') + (socket.name === 'ended' ? ' ended' : '')} role="log" aria-live="off" tabindex="0" aria-label="Lines of the log"></div>
        ${lines === 0 && html`<p class="log-empty">${emptyText(socket.name)}</p>`}
        ${view && !view.follow && html`
          <button type="button" class="jump primary" onClick=${() => view.setFollow(true)}>
            ↓ Jump to the end${view.unseen > 0 ? ` · ${plural(view.unseen, 'new line', 'new lines')}` : ''}</button>`}
      </div>
      <${Status} socket=${socket} view=${view} lines=${lines} />
    </section>`;
}

const emptyText = (state) =>
  state === 'ended' ? 'The program wrote nothing.' : state === 'refused' ? 'There is no log to show.' : 'No line yet.';

function Status({ socket, view, lines }) {
  const now = useNow();
  const seconds = socket.detail ? Math.max(0, Math.ceil((socket.detail - now) / 1000)) : 0;
  const connection = {
    connecting: 'connecting', open: 'live', ended: 'complete', refused: socket.detail,
    waiting: 'connection lost, trying again ' + (seconds ? 'in ' + seconds + ' s' : 'now'),
  }[socket.name];
  const bad = socket.name === 'waiting' || socket.name === 'refused';
  return html`
    <p class=${'log-status' + (bad ? ' bad' : '')}>
      <span role="status">${connection}${view?.follow && socket.name === 'open' ? ', following' : ''}</span>
      <span>${plural(lines, 'line', 'lines')}${view?.dropped ? ', the older ones only in the download' : ''}</span>
    </p>`;
}

function Find({ input, log, needle, change }) {
  const [count, setCount] = useState(null);
  useEffect(() => {
    setCount(null);
    const timer = setTimeout(() => setCount(needle && log ? log.matches() : null), 200);
    return () => clearTimeout(timer);
  }, [needle, log?.items.length]);
  const keys = (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      log.search(needle);
      log.find(event.shiftKey ? -1 : 1);
    } else if (event.key === 'Escape') {
      change('');
      event.target.blur();
    }
  };
  return html`
    <span class="find">
      <input ref=${input} type="search" value=${needle} placeholder="Find  ( / )" aria-label="Find in the log" spellcheck=${false}
        onInput=${(event) => change(event.target.value)} onKeyDown=${keys} />
      <button type="button" class="quiet" aria-label="Match before" disabled=${!needle} onClick=${() => log.find(-1)}>↑</button>
      <button type="button" class="quiet" aria-label="Next match" disabled=${!needle} onClick=${() => log.find(1)}>↓</button>
      <span class="find-count" role="status">${count === null ? '' : plural(count, 'line', 'lines')}</span>
    </span>`;
}
