import { html, useEffect, useRef, useState } from './html.js';
import { get, path, post } from './api.js';
import { go } from './router.js';
import { BLANK, fieldOf, toCommand, toForm } from './form.js';
import { useKafka } from './kafka.js';
import { asCurl, asKcat, commandOf, lacks, remember, words } from './spec.js';
import { Copy, Failure } from './ui.js';

/** A job, by fields or as JSON; both say the same. */
export function Submit({ query }) {
  const [form, setForm] = useState(BLANK);
  const [json, setJson] = useState(null);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const [again, setAgain] = useState(null);
  const top = useRef(null);
  const from = query.get('from');
  useEffect(() => {
    if (!from) return;
    get(path('executions', from)).then(
      (execution) => {
        const { command, complete } = commandOf(execution);
        setForm(toForm(command));
        setAgain({ complete, secrets: lacks(command) });
      },
      setProblem,
    );
  }, [from]);

  const errors = {};
  const others = [];
  for (const { pointer, message } of problem?.errors || []) {
    const field = json === null ? fieldOf(pointer) : null;
    if (field) errors[field] = message;
    else others.push((pointer || 'the command') + ': ' + message);
  }
  const placed = Object.keys(errors).length > 0 && !others.length;
  const set = (name) => (event) => setForm({ ...form, [name]: event.target.value });

  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const text = json === null ? JSON.stringify(toCommand(form)) : json;
      const accepted = await post(path('executions'), text);
      remember(accepted.executionId, JSON.parse(text));
      go('/executions/' + encodeURIComponent(accepted.executionId));
    } catch (failure) {
      setBusy(false);
      setProblem(failure);
      requestAnimationFrame(() => (top.current?.querySelector('[aria-invalid=true]') || top.current)?.focus());
    }
  };
  const toJson = () => setJson(JSON.stringify(toCommand(form), null, 2));
  const toFields = () => {
    try {
      setForm(toForm(JSON.parse(json)));
      setJson(null);
      setProblem(null);
    } catch (failure) {
      setProblem(Object.assign(new Error('The JSON cannot be read: ' + failure.message), { code: '', errors: [] }));
    }
  };
  return html`
    <form ref=${top} class="submit" onSubmit=${submit} tabindex="-1" novalidate aria-labelledby="submit-title">
      <div class="head"><h1 id="submit-title">Run a job</h1>
        <span class="switch" role="group" aria-label="How to say it">
          <button type="button" aria-pressed=${String(json === null)} onClick=${() => json === null || toFields()}>Form</button>
          <button type="button" aria-pressed=${String(json !== null)} onClick=${() => json === null && toJson()}>JSON</button>
        </span></div>
      ${again && html`<${AgainNote} again=${again} />`}
      ${problem && !placed && html`<${Failure} failure=${problem} />`}
      ${others.length > 0 && html`<ul class="others">${others.map((each) => html`<li>${each}</li>`)}</ul>`}
      ${json === null
        ? html`<${Fields} form=${form} set=${set} errors=${errors} />`
        : html`<label class="field"><span>Start command</span>
            <textarea class="code" rows="22" spellcheck=${false} value=${json} onInput=${(event) => setJson(event.target.value)}></textarea></label>`}
      <p class="actions">
        <button type="submit" class="primary" disabled=${busy}>${busy ? 'Sending…' : 'Run'}</button>
        <${Copies} json=${json} form=${form} />
      </p>
    </form>`;
}

function AgainNote({ again }) {
  const note = again.complete
    ? again.secrets && 'Values of the environment, contents of files and scripts are not told: fill them in.'
    : 'Only what the status says of the job is known here: fill in the command and what else it needs.';
  return note && html`<p class="banner">${note}</p>`;
}

function Copies({ json, form }) {
  const kafka = useKafka();
  let command;
  try {
    command = json === null ? toCommand(form) : JSON.parse(json);
  } catch {
    return null;
  }
  return html`<${Copy} text=${asCurl(command)} label="Copy as curl" /><${Copy} text=${asKcat(command, kafka)} label="Copy as kcat" />`;
}

function Fields({ form, set, errors }) {
  const field = (name, label, hint, more = {}) => html`
    <${Field} name=${name} label=${label} hint=${hint} value=${form[name]} input=${set(name)} error=${errors[name]} ...${more} />`;
  const kept = Object.keys(form.rest);
  const split = words(form.command);
  return html`
    <fieldset><legend>What to run</legend>
      ${field('image', 'Image', 'busybox, ghcr.io/team/app:1.2', { required: true })}
      ${field('command', 'Command', 'sh -c "echo hello"', { rows: 2, note: split.length > 1 ? split.length + ' words: ' + split.map((word) => '[' + word + ']').join(' ') : null })}
      ${field('environment', 'Environment', 'NAME=value, one to a line', { rows: 3 })}
    </fieldset>
    <fieldset><legend>Resources</legend>
      <div class="columns">
        ${field('cpu', 'CPU, cores', 'the node’s default', { inputmode: 'decimal' })}
        ${field('memory', 'Memory', '256MiB')} ${field('pids', 'Processes', '256', { inputmode: 'numeric' })}
        <${Choice} name="gpuVendor" label="GPU vendor" value=${form.gpuVendor} input=${set('gpuVendor')} error=${errors.gpuVendor} options=${['nvidia', 'amd', 'intel']} none="no GPU" />
        ${form.gpuVendor && field('gpuCount', 'GPUs', '1', { inputmode: 'numeric' })}
      </div>
    </fieldset>
    <fieldset><legend>Timeouts</legend>
      <div class="columns">
        ${field('queue', 'Waiting', '24h')} ${field('pull', 'Fetching the image', '10m')} ${field('run', 'Running', '30m')}
      </div>
    </fieldset>
    <details class="more"><summary>More</summary>
      <div class="columns">
        ${field('jobId', 'Job id', 'the execution’s')} ${field('executionId', 'Execution id', 'a new one')}
        ${field('workingDirectory', 'Working directory', 'the image’s')} ${field('user', 'User', '1000:1000')}
        ${field('network', 'Network', 'none')}
        <${Choice} name="pullPolicy" label="Fetch the image" value=${form.pullPolicy} input=${set('pullPolicy')} error=${errors.pullPolicy} options=${['always', 'missing', 'never']} none="default" />
      </div>
    </details>
    ${kept.length > 0 && html`<p class="muted">Also said, in the JSON: ${kept.join(', ')}</p>`}`;
}

function Field({ name, label, hint, value, input, error, rows, note, required, inputmode }) {
  const id = 'field-' + name;
  const described = [error && id + '-error', note && id + '-note'].filter(Boolean).join(' ') || null;
  const shared = {
    id, value, placeholder: hint, onInput: input, spellcheck: false, autocomplete: 'off', 'aria-describedby': described,
    'aria-invalid': error ? 'true' : null, 'aria-required': required ? 'true' : null,
  };
  return html`
    <div class="field">
      <label for=${id}>${label}${required ? ' (required)' : ''}</label>
      ${rows ? html`<textarea class="code" rows=${rows} ...${shared}></textarea>` : html`<input inputmode=${inputmode} ...${shared} />`}
      ${note && html`<p class="note" id=${id + '-note'}>${note}</p>`}
      ${error && html`<p class="error" id=${id + '-error'}>${error}</p>`}
    </div>`;
}

const Choice = ({ name, label, value, input, error, options, none }) => html`
  <div class="field"><label for=${'field-' + name}>${label}</label>
    <select id=${'field-' + name} value=${value} onChange=${input} aria-invalid=${error ? 'true' : null}>
      <option value="">${none}</option>${options.map((each) => html`<option value=${each}>${each}</option>`)}
    </select>
    ${error && html`<p class="error">${error}</p>`}</div>`;
