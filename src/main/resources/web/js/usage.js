import { html, useEffect, useState } from './html.js';
import { poll } from './live.js';
import { path } from './api.js';
import { bytes, plural } from './format.js';

const EVERY_MS = 2000;
const KEPT = 150;

/** What a program uses now and used in the last minutes. */
export function Usage({ id, cpu }) {
  const [samples, set] = useState([]);
  useEffect(() => {
    set([]);
    return poll(path('executions', id, 'stats'), EVERY_MS, (body, failure) => {
      // 409 and 404: it does not run any more, or not yet; the page around asks for that.
      if (body) set((before) => [...before, body].slice(-KEPT));
      return failure ? EVERY_MS * 2 : EVERY_MS;
    });
  }, [id]);
  const last = samples.at(-1);
  const used = samples.slice(1).map((sample, i) => coresBetween(samples[i], sample));
  return html`
    <section class="card" aria-labelledby="usage-title">
      <h2 id="usage-title">Usage</h2>
      ${!last
        ? html`<p class="muted" role="status">Measuring…</p>`
        : html`
          <div class="sparks">
            <${Spark} name="CPU" values=${used} most=${cpu || Math.max(1, ...used)}
              text=${used.length ? used.at(-1).toFixed(2) + (cpu ? ' of ' + cpu : '') + ' cores' : 'measuring…'} />
            <${Spark} name="Memory" values=${samples.map((sample) => sample.memoryBytes)} most=${last.memoryLimitBytes || last.peakMemoryBytes}
              text=${bytes(last.memoryBytes) + (last.memoryLimitBytes ? ' of ' + bytes(last.memoryLimitBytes) : '')} />
          </div>
          <p class="muted">${plural(last.pids, 'process', 'processes')} · peak ${bytes(last.peakMemoryBytes)}</p>`}
    </section>`;
}

function coresBetween(before, after) {
  const seconds = (Date.parse(after.time) - Date.parse(before.time)) / 1000;
  return seconds > 0 ? Math.max(0, (after.cpuSeconds - before.cpuSeconds) / seconds) : 0;
}

const WIDTH = 240;
/** A new program's curve is not squeezed into a corner. */
const LEAST_SLOTS = 30;
const HEIGHT = 44;

function Spark({ name, values, most, text }) {
  const top = Math.max(most || 0, ...values) || 1;
  const step = WIDTH / (Math.max(LEAST_SLOTS, values.length) - 1);
  const start = WIDTH - (values.length - 1) * step;
  const points = values.map((value, i) => (start + i * step).toFixed(1) + ',' + (HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1));
  const line = points.length ? 'M' + points.join('L') : '';
  return html`
    <figure class="spark">
      <figcaption><span>${name}</span><strong>${text}</strong></figcaption>
      <svg viewBox=${'0 0 ' + WIDTH + ' ' + HEIGHT} preserveAspectRatio="none" role="img" aria-label=${name + ' over the last five minutes, now ' + text}>
        ${points.length > 1 && html`<path class="area" d=${line + 'L' + WIDTH + ',' + HEIGHT + 'L' + start.toFixed(1) + ',' + HEIGHT + 'Z'} />`}
        <path class="line" d=${line} vector-effect="non-scaling-stroke" />
      </svg>
    </figure>`;
}
