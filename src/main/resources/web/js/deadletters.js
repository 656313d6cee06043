import { html, useEffect, useState } from './html.js';
import { get, path, post } from './api.js';
import { absolute } from './format.js';
import { Copy, Empty, Failure, Loading } from './ui.js';

/** Records that could not be acted on. */
export function DeadLetters() {
  const [{ letters, next, failure }, set] = useState({});
  const [round, again] = useState(0);
  useEffect(() => {
    const closed = new AbortController();
    get(path('dead-letters'), closed.signal).then(
      (body) => set({ letters: body.deadLetters, next: body.nextCursor }),
      (problem) => closed.signal.aborted || set({ failure: problem }),
    );
    return () => closed.abort();
  }, [round]);
  const older = () =>
    get(path('dead-letters') + '?cursor=' + encodeURIComponent(next)).then(
      (body) => set({ letters: letters.concat(body.deadLetters), next: body.nextCursor }),
      (problem) => set({ letters, next, failure: problem }),
    );
  return html`
    <div class="head"><h1>Dead letters</h1>
      <button type="button" onClick=${() => again(round + 1)}>Read again</button></div>
    <p class="muted">Records that could not be acted on, as they were written, newest first.</p>
    ${failure
      ? failure.status === 404
        ? html`<${Empty} title="This server does not show them."><p>They stand in the topic of dead letters.</p><//>`
        : html`<${Failure} failure=${failure} />`
      : !letters
        ? html`<${Loading} what="dead letters" />`
        : !letters.length
          ? html`<${Empty} title="None. Every record could be acted on."><//>`
          : html`<div class="letters">
              ${letters.map((letter) => html`<${Letter} key=${place(letter)} letter=${letter} />`)}
              ${next && html`<button type="button" onClick=${older}>Older ones</button>`}</div>`}`;
}

const place = (letter) => letter.partition + '-' + letter.offset;

function Letter({ letter }) {
  const [said, setSaid] = useState(null);
  const value = letter.value ?? letter.valueBase64 ?? 'no value';
  const origin = letter.origin || {};
  const replay = async () => {
    setSaid(null);
    try {
      const at = await post(path('dead-letters', place(letter), 'replay'), {});
      setSaid({ text: 'Written again: ' + at.topic + ', partition ' + at.partition + ', offset ' + at.offset + '.' });
    } catch (failure) {
      setSaid({ failure });
    }
  };
  return html`
    <section class="card" aria-label=${'Record ' + (letter.key ?? '')}>
      <div class="head"><h2>${letter.code || 'refused'}</h2><code class="id">${letter.key ?? letter.keyBase64 ?? 'no key'}</code></div>
      <p>${letter.message}</p>
      <p class="facts">
        ${origin.topic && html`<span>${origin.topic}, partition ${origin.partition}, offset ${origin.offset}</span>`}
        ${letter.time && html`<time dateTime=${letter.time}>${absolute(letter.time)}</time>`}
        ${letter.nodeId && html`<span>refused by ${letter.nodeId}</span>`}
        ${letter.value === undefined && html`<span>not text: Base64</span>`}
        ${letter.truncated && html`<span>only the beginning is shown</span>`}
      </p>
      <pre class="json" tabindex="0" aria-label="The record">${value}</pre>
      <div class="actions">
        ${origin.topic && html`<button type="button" onClick=${replay}>Replay</button>`}
        <${Copy} text=${value} label="Copy the record" />
        <span role="status" class="muted">${said?.text}</span>
      </div>
      ${said?.failure && html`<${Failure} failure=${said.failure} />`}
    </section>`;
}
