import { html, useEffect, useState } from './html.js';
import { get } from './api.js';
import { path } from './api.js';
import { absolute } from './format.js';
import { Copy, Empty, Failure, Loading } from './ui.js';

/** Records that could not be acted on. */
export function DeadLetters() {
  const [{ letters, failure }, set] = useState({});
  const [round, again] = useState(0);
  useEffect(() => {
    const closed = new AbortController();
    get(path('dead-letters'), closed.signal).then(
      (body) => set({ letters: body.deadLetters || body.letters || [] }),
      (problem) => closed.signal.aborted || set({ failure: problem }),
    );
    return () => closed.abort();
  }, [round]);
  return html`
    <div class="head"><h1>Dead letters</h1>
      <button type="button" onClick=${() => again(round + 1)}>Read again</button></div>
    <p class="muted">Records that could not be acted on, as they were written.</p>
    ${failure
      ? failure.status === 404
        ? html`<${Empty} title="This server does not show them."><p>They stand in the topic of dead letters.</p><//>`
        : html`<${Failure} failure=${failure} />`
      : !letters
        ? html`<${Loading} what="dead letters" />`
        : !letters.length
          ? html`<${Empty} title="None. Every record could be acted on."><//>`
          : html`<div class="letters">${letters.map((letter) => html`<${Letter} letter=${letter} />`)}</div>`}`;
}

function Letter({ letter }) {
  const value = typeof letter.value === 'string' ? letter.value : JSON.stringify(letter.value ?? null, null, 2);
  const origin = letter.origin || letter;
  return html`
    <section class="card" aria-label=${'Record ' + (letter.key ?? '')}>
      <div class="head"><h2>${letter.code || 'refused'}</h2><code class="id">${letter.key ?? 'no key'}</code></div>
      <p>${letter.message}</p>
      <p class="facts">
        ${origin.topic && html`<span>${origin.topic}, partition ${origin.partition}, offset ${origin.offset}</span>`}
        ${letter.time && html`<time dateTime=${letter.time}>${absolute(letter.time)}</time>`}
        ${(letter.nodeId || letter.node) && html`<span>refused by ${letter.nodeId || letter.node}</span>`}
      </p>
      <pre class="json" tabindex="0" aria-label="The record">${value}</pre>
      <${Copy} text=${value} label="Copy the record" />
    </section>`;
}
