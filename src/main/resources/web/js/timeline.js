import { html } from './html.js';
import { absolute, duration, isFinal } from './format.js';

const PHASE_OF = { accepted: 'queued', pulling: 'pull', starting: 'create', running: 'run', paused: 'run', stopping: 'run' };

/** What the history says of each attempt: `[{attempt, phases: [{name, from, to}], reason}]`. */
export function attemptsOf(history, now) {
  const attempts = [];
  history.forEach((event, i) => {
    let last = attempts.at(-1);
    if (!last || last.attempt !== event.attempt) attempts.push((last = { attempt: event.attempt, phases: [] }));
    if (isFinal(event.state)) {
      last.end = event;
      return;
    }
    const next = history[i + 1];
    const from = Date.parse(event.time);
    const to = next ? Date.parse(next.time) : Math.max(from, now);
    const name = PHASE_OF[event.state] || event.state;
    const before = last.phases.at(-1);
    if (before?.name === name) before.to = to;
    else last.phases.push({ name, from, to, open: !next });
    if (before?.name === name) before.open = !next;
  });
  return attempts;
}

/** One bar for each attempt: how long it was queued, pulled, was created and ran. */
export function Timeline({ history, result, now }) {
  const attempts = attemptsOf(history, now);
  return html`
    <section class="card" aria-labelledby="timeline-title">
      <h2 id="timeline-title">Timeline</h2>
      ${attempts.map((attempt) => html`
        <div class="attempt" key=${attempt.attempt}>
          ${attempts.length > 1 && html`<h3>Attempt ${attempt.attempt}</h3>`}
          <${Bar} phases=${measured(attempt, attempts.length === 1 ? result : null)} />
        </div>`)}
      <${Events} history=${history} />
    </section>`;
}

/** The result has the node's own measure of each phase; without it the times of the events have to do. */
function measured(attempt, result) {
  const own = { queued: result?.millis?.queued, pull: result?.millis?.pull, create: result?.millis?.create, run: result?.millis?.run };
  return attempt.phases.map((phase) => ({ ...phase, millis: own[phase.name] ?? phase.to - phase.from }));
}

function Bar({ phases }) {
  const all = phases.reduce((sum, phase) => sum + phase.millis, 0) || 1;
  return html`
    <div class="bar" aria-hidden="true">
      ${phases.map((phase) => html`
        <span class=${'phase p-' + phase.name + (phase.open ? ' open' : '')} style=${{ flexGrow: Math.max(phase.millis / all, 0.004) }}></span>`)}
    </div>
    <dl class="phases">
      ${phases.map((phase) => html`
        <div><dt><span class=${'key p-' + phase.name} aria-hidden="true"></span>${phase.name}</dt>
          <dd>${duration(phase.millis)}${phase.open ? ' so far' : ''}</dd></div>`)}
    </dl>`;
}

const Events = ({ history }) => html`
  <details>
    <summary>${history.length} events</summary>
    <ol class="events">
      ${history.map((event) => html`
        <li><time dateTime=${event.time} title=${event.time}>${absolute(event.time)}</time>
          <strong>${event.state}</strong>
          ${event.reason && html`<span>${event.reason.replaceAll('_', ' ')}</span>`}
          ${event.message && html`<span class="muted">${event.message}</span>`}</li>`)}
    </ol>
  </details>`;
