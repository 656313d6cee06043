import { html, useEffect, useState } from './html.js';
import { poll } from './live.js';
import { download, path, post } from './api.js';
import { absolute, bytes, cores, duration, isFinal, plural } from './format.js';
import { go, Link, withQuery } from './router.js';
import { asCurl, asKcat, commandOf } from './spec.js';
import { useKafka } from './kafka.js';
import { Log } from './log.js';
import { Timeline } from './timeline.js';
import { Usage } from './usage.js';
import { Age, Confirm, Copy, Empty, Failure, Loading, State, useNow } from './ui.js';

const EVERY_MS = 1000;
const GONE_MS = 5000;

/** One execution, asked for until it has ended. */
function useExecution(id) {
  const [known, set] = useState({});
  useEffect(() => {
    const end = poll(path('executions', id), EVERY_MS, (body, failure) => {
      if (failure) {
        set((last) => ({ ...last, failure }));
        return failure.status === 404 ? GONE_MS : EVERY_MS * 2;
      }
      set((last) => ({ ...last, execution: body, failure: null }));
      return body.result ? 0 : EVERY_MS;
    });
    return end;
  }, [id]);
  const sequence = known.execution?.sequence;
  useEffect(() => {
    if (!sequence) return undefined;
    return poll(path('executions', id, 'history'), 0, (body) => {
      if (body) set((last) => ({ ...last, history: body.history }));
    });
  }, [id, sequence]);
  return known;
}

export function ExecutionView({ id, query }) {
  const { execution, history, failure } = useExecution(id);
  const now = useNow();
  if (!execution) {
    if (failure?.status === 404) {
      return html`<${Empty} title="No execution of this id is known."><p class="id">${id}</p><p><${Link} to="/">All executions<//></p><//>`;
    }
    return failure ? html`<${Failure} failure=${failure} />` : html`<${Loading} what="the execution" />`;
  }
  if (!execution.nodeId) {
    return html`
      <${Header} execution=${execution} now=${now} />
      <${Empty} title="No node has taken it on yet."><p>It waits in the topic until a node is free.</p><//>`;
  }
  const attempt = Number(query.get('attempt')) || 0;
  const runs = ['running', 'paused', 'stopping'].includes(execution.state);
  return html`
    <${Header} execution=${execution} now=${now} />
    ${failure && html`<p class="banner bad" role="status">${failure.message} What is shown is from before; this page goes on trying.</p>`}
    <div class="cards">
      <${Outcome} execution=${execution} />
      ${history && html`<${Timeline} history=${history} result=${execution.result} now=${now} />`}
      ${runs && html`<${Usage} id=${id} cpu=${execution.resources?.cpu} />`}
      ${execution.result?.outputs.length > 0 && html`<${Outputs} execution=${execution} />`}
    </div>
    <${Attempts} execution=${execution} chosen=${attempt} query=${query} />
    <${Log} key=${'log-' + attempt} id=${id} attempt=${attempt} />
    <${Specification} execution=${execution} />`;
}

function Header({ execution, now }) {
  const { executionId: id, jobId, state } = execution;
  return html`
    <nav class="crumbs" aria-label="Where this is"><${Link} to="/">Executions<//></nav>
    <div class="head">
      <h1 class="id">${id}</h1> <${State} of=${state || 'accepted'} />
      <${Copy} text=${id} label="Copy id" plain />
    </div>
    <p class="facts">
      ${jobId && jobId !== id && html`<span>job <${Link} to=${'/?jobId=' + encodeURIComponent(jobId)}>${jobId}<//></span>`}
      ${execution.nodeId && html`<span>on <${Link} to=${'/?nodeId=' + encodeURIComponent(execution.nodeId)}>${execution.nodeId}<//></span>`}
      ${execution.attempt > 1 && html`<span>attempt ${execution.attempt}</span>`}
      ${execution.time && html`<span>since <${Age} time=${execution.time} now=${now} /></span>`}
    </p>
    ${execution.nodeId && html`<${Actions} execution=${execution} />`}`;
}

/** What can be asked of it, and what came of asking. */
function Actions({ execution }) {
  const { executionId: id, state } = execution;
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState(null);
  const tell = async (command, body, word) => {
    setSaid(null);
    try {
      await post(path('executions', id, command), body);
      setSaid({ text: word });
    } catch (failure) {
      setSaid({ failure });
    }
  };
  const confirmed = (reason) => {
    setAsking(false);
    if (reason !== false) tell('cancel', reason ? { reason } : {}, 'Asked to cancel.');
  };
  const kafka = useKafka();
  const { command } = commandOf(execution);
  const lives = !isFinal(state);
  return html`
    <div class="actions">
      ${lives && html`<button type="button" class="danger" onClick=${() => setAsking(true)}>Cancel…</button>`}
      ${state === 'running' && html`<button type="button" onClick=${() => tell('pause', {}, 'Asked to pause.')}>Pause</button>`}
      ${state === 'paused' && html`<button type="button" onClick=${() => tell('resume', {}, 'Asked to go on.')}>Resume</button>`}
      <button type="button" onClick=${() => go('/submit?from=' + encodeURIComponent(id))}>Run again…</button>
      <${Copy} text=${asCurl(command)} label="Copy as curl" />
      <${Copy} text=${asKcat(command, kafka)} label="Copy as kcat" />
      <span role="status" class="muted">${said?.text}</span>
    </div>
    ${said?.failure && html`<${Failure} failure=${said.failure} />`}
    ${asking && html`
      <${Confirm} title="Cancel this execution?" yes="Cancel the execution" reason close=${confirmed}>
        <p>Its program is told to end, and killed if it does not. This cannot be taken back.</p>
      <//>`}`;
}

const Fact = ({ name, children }) => html`<div><dt>${name}</dt><dd>${children}</dd></div>`;

function Outcome({ execution }) {
  const { result } = execution;
  if (!result) {
    return html`
      <section class="card" aria-labelledby="now-title">
        <h2 id="now-title">Now</h2>
        <p>${execution.message || (execution.state === 'accepted' ? 'It waits for capacity on its node.' : 'The program is ' + execution.state + '.')}</p>
        <${Pull} pull=${execution.pull} />
      </section>`;
  }
  const { usage } = result;
  return html`
    <section class="card" aria-labelledby="result-title">
      <h2 id="result-title">Result</h2>
      <p class=${'outcome s-' + result.state}>${result.reason.replaceAll('_', ' ')}</p>
      ${result.message && html`<p>${result.message}</p>`}
      <dl class="pairs">
        <${Fact} name="Exit code">${result.exitCode >= 0 ? result.exitCode : 'none'}${result.signal ? ' (' + result.signal + ')' : ''}<//>
        <${Fact} name="Finished">${absolute(result.finishedAt)}<//>
        <${Fact} name="Log">${plural(result.log.lines, 'line', 'lines')}, ${bytes(result.log.bytes)}${result.log.complete ? '' : ', not complete'}<//>
        ${usage && html`
          <${Fact} name="CPU time">${duration(usage.cpuSeconds * 1000)}<//>
          <${Fact} name="Peak memory">${bytes(usage.peakMemoryBytes)}<//>
          <${Fact} name="Network">${bytes(usage.networkRxBytes)} in, ${bytes(usage.networkTxBytes)} out<//>
          <${Fact} name="Disk">${bytes(usage.blockReadBytes)} read, ${bytes(usage.blockWriteBytes)} written<//>`}
      </dl>
    </section>`;
}

const Pull = ({ pull }) => pull && html`
  <label class="pull">Fetching the image: ${pull.layersDone} of ${pull.layers} layers, ${bytes(pull.bytesDone)} of ${bytes(pull.bytes)}
    <progress value=${pull.bytesDone} max=${Math.max(1, pull.bytes)}></progress></label>`;

function Outputs({ execution }) {
  const { executionId: id, result } = execution;
  const fetchIt = (name) => download(path('executions', id, 'outputs', name), id + '-' + name + '.tar');
  return html`
    <section class="card" aria-labelledby="outputs-title">
      <h2 id="outputs-title">Outputs</h2>
      <ul class="outputs">
        ${result.outputs.map((output) => html`
          <li><button type="button" onClick=${() => fetchIt(output.name)}>Download ${output.name}.tar</button>
            ${' '}<span class="muted">${plural(output.files, 'file', 'files')}, ${bytes(output.bytes)}</span>
            <details><summary>Files</summary>
              <ul class="files">${output.manifest.map((file) => html`<li title=${file.sha256}><code>${file.path}</code> ${bytes(file.bytes)}</li>`)}</ul>
            </details></li>`)}
      </ul>
    </section>`;
}

function Attempts({ execution, chosen, query }) {
  if (execution.attempt < 2) return null;
  const all = Array.from({ length: execution.attempt }, (_, i) => i + 1);
  return html`
    <nav class="attempts" aria-label="Log of attempt">
      <${Link} to=${withQuery(query, { attempt: null })} aria-current=${chosen ? null : 'true'}>Newest attempts<//>
      ${all.map((n) => html`<${Link} to=${withQuery(query, { attempt: String(n) })} aria-current=${chosen === n ? 'true' : null}>Attempt ${n}<//>`)}
    </nav>`;
}

function Specification({ execution }) {
  const known = commandOf(execution);
  const { complete } = known;
  const command = execution.spec || known.command;
  const shown = command.environment
    ? { ...command, environment: Object.fromEntries(Object.keys(command.environment).map((name) => [name, '(not shown)'])) }
    : command;
  const given = execution.resources;
  return html`
    <section class="card" aria-labelledby="spec-title">
      <h2 id="spec-title">What was asked</h2>
      <dl class="pairs">
        <${Fact} name="Image"><code>${execution.image?.reference || '–'}</code><//>
        ${execution.image?.digest && html`<${Fact} name="Digest"><code class="long">${execution.image.digest}</code><//>`}
        ${given && html`<${Fact} name="Given">${cores(given.cpu)}, ${bytes(given.memory)}, ${given.pids} processes<//>`}
        ${execution.gpus?.length > 0 && html`<${Fact} name="GPUs">${execution.gpus.map((gpu) => gpu.model || gpu.id).join(', ')}<//>`}
        ${execution.ports?.length > 0 && html`<${Fact} name="Ports">${execution.ports.map((port) => port.hostIp + ':' + port.host + ' → ' + port.container).join(', ')}<//>`}
        ${execution.containerId && html`<${Fact} name="Container"><code>${execution.containerId.slice(0, 12)}</code><//>`}
        ${execution.command && html`<${Fact} name="Record">${execution.command.topic}, partition ${execution.command.partition}, offset ${execution.command.offset}<//>`}
      </dl>
      ${complete && html`<pre class="json" tabindex="0" aria-label="The start command">${JSON.stringify(shown, null, 2)}</pre>`}
    </section>`;
}
