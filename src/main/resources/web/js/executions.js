import { html, useEffect, useMemo, useState } from './html.js';
import { LiveList } from './live.js';
import { go, Link, withQuery } from './router.js';
import { duration, isFinal, ran, STATES } from './format.js';
import { Age, Copy, Empty, Failure, Loading, State, useNow } from './ui.js';

const LIMIT = 50;
const FIRST_JOB = './longshore run busybox echo hello';

function useList(asked) {
  const [list, set] = useState({ state: 'loading', rows: [] });
  const key = JSON.stringify(asked);
  useEffect(() => {
    set((last) => ({ ...last, state: 'loading' }));
    const live = new LiveList(JSON.parse(key), set);
    return () => live.close();
  }, [key]);
  return list;
}

/** All executions, newest first; what is filtered and how stands in the address. */
export function Executions({ query }) {
  const asked = { limit: String(LIMIT) };
  for (const name of ['state', 'jobId', 'nodeId', 'cursor']) if (query.get(name)) asked[name] = query.get(name);
  const list = useList(asked);
  const now = useNow();
  const text = (query.get('text') || '').toLowerCase();
  const rows = useMemo(() => (text ? list.rows.filter((row) => says(row, text)) : list.rows), [list.rows, text]);
  const filtered = ['state', 'jobId', 'nodeId', 'text'].some((name) => query.get(name));
  return html`
    <div class="head"><h1>Executions</h1><${Connection} list=${list} now=${now} /></div>
    <${Filters} query=${query} />
    ${list.state === 'refused' && html`<${Failure} failure=${list.failure} />`}
    ${list.state === 'loading' && !rows.length
      ? html`<${Loading} what="executions" />`
      : rows.length
        ? html`<${Table} rows=${rows} now=${now} />`
        : html`<${Nothing} filtered=${filtered} lost=${list.state === 'lost'} />`}
    <${Paging} query=${query} next=${list.nextCursor} />`;
}

/** Whether a text stands in anything that a row shows. */
function says(row, text) {
  const shown = [row.executionId, row.jobId, row.nodeId, row.state, row.reason, row.message, row.image?.reference];
  return shown.some((value) => value && value.toLowerCase().includes(text));
}

function Connection({ list, now }) {
  if (list.state === 'lost') {
    const seconds = Math.max(0, Math.ceil((list.retryAt - now) / 1000));
    return html`<span class="live lost" role="status">Disconnected · trying again ${seconds > 0 ? `in ${seconds} s` : 'now'}</span>`;
  }
  if (list.state === 'refused') return html`<span class="live lost" role="status">Refused</span>`;
  return html`<span class="live" role="status"><span class="dot" aria-hidden="true"></span>${list.state === 'live' ? 'Live' : 'Loading'}</span>`;
}

function Filters({ query }) {
  const change = (name) => (event) => go(withQuery(query, { [name]: event.target.value.trim(), cursor: null }), name === 'text');
  const field = (name, label, hint, live) => html`
    <label class="field"><span>${label}</span>
      <input value=${query.get(name) || ''} placeholder=${hint} spellcheck=${false} autocomplete="off"
        ...${{ [live ? 'onInput' : 'onChange']: change(name) }} /></label>`;
  return html`
    <form class="filters" role="search" aria-label="Filter executions" onSubmit=${(event) => event.preventDefault()}>
      <label class="field"><span>State</span>
        <select value=${query.get('state') || ''} onChange=${change('state')}>
          <option value="">any</option>
          ${STATES.map((state) => html`<option value=${state}>${state}</option>`)}
        </select></label>
      ${field('jobId', 'Job', 'any')} ${field('nodeId', 'Node', 'any')} ${field('text', 'Text on this page', 'id, reason, image', true)}
    </form>`;
}

const Table = ({ rows, now }) => html`
  <div class="table-box">
    <table class="executions">
      <thead><tr>
        <th scope="col">State</th><th scope="col">Execution</th><th scope="col" class="wide-only">Node</th>
        <th scope="col" class="wide-only" aria-sort="descending">Accepted</th><th scope="col" class="number">Ran</th>
        <th scope="col" class="mid-only">Why</th>
      </tr></thead>
      <tbody>${rows.map((row) => html`<${Row} key=${row.executionId} row=${row} now=${now} />`)}</tbody>
    </table>
  </div>`;

function Row({ row, now }) {
  const to = '/executions/' + encodeURIComponent(row.executionId);
  return html`
    <tr>
      <td><${State} of=${row.state} /></td>
      <td class="id"><${Link} to=${to}>${row.executionId}<//>
        ${row.jobId !== row.executionId && html`<span class="sub">job ${row.jobId}</span>`}
        ${row.attempt > 1 && html`<span class="sub">attempt ${row.attempt}</span>`}
        <span class="sub narrow-only">${why(row)}</span></td>
      <td class="wide-only">${row.nodeId}</td>
      <td class="wide-only"><${Age} time=${row.acceptedAt} now=${now} /></td>
      <td class="number">${duration(ran(row, now))}</td>
      <td class="mid-only why">${why(row)}</td>
    </tr>`;
}

/** Why it ended so, or what it waits for. */
function why(row) {
  if (!isFinal(row.state)) return row.message || (row.state === 'accepted' ? 'waiting' : '');
  if (row.reason === 'completed') return '';
  if (row.reason === 'non_zero_exit') return 'exit code ' + row.exitCode;
  return (row.reason || '').replaceAll('_', ' ');
}

function Nothing({ filtered, lost }) {
  if (lost) return html`<${Empty} title="The server does not answer."><p>This page goes on trying.</p><//>`;
  if (filtered) return html`<${Empty} title="No execution matches."><p><${Link} to="/">Show all<//></p><//>`;
  return html`
    <${Empty} title="No jobs yet.">
      <p>Run the first one from here, or from a terminal:</p>
      <p class="command"><code>${FIRST_JOB}</code> <${Copy} text=${FIRST_JOB} label="Copy" what="Copy the command" /></p>
      <p><${Link} to="/submit" class="button primary">Run a job<//></p>
    <//>`;
}

function Paging({ query, next }) {
  if (!next && !query.get('cursor')) return null;
  return html`
    <nav class="paging" aria-label="Pages">
      ${query.get('cursor') ? html`<${Link} to=${withQuery(query, { cursor: null })} class="button">Newest<//>` : html`<span></span>`}
      ${next && html`<${Link} to=${withQuery(query, { cursor: next })} class="button">Older<//>`}
    </nav>`;
}
