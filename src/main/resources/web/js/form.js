import { asLine, words } from './spec.js';

/** What the form shows: its fields as texts, and in `rest` what it has no field for. */
export const BLANK = {
  image: '', command: '', environment: '', jobId: '', executionId: '', workingDirectory: '', user: '', network: '',
  pullPolicy: '', cpu: '', memory: '', pids: '', gpuVendor: '', gpuCount: '', queue: '', pull: '', run: '', rest: {},
};

const TEXTS = ['image', 'jobId', 'executionId', 'workingDirectory', 'user', 'network', 'pullPolicy'];

/** Which field of the form a JSON pointer of the server is about. */
const POINTERS = [
  [/^\/command/, 'command'], [/^\/environment/, 'environment'], [/^\/resources\/gpus\/count/, 'gpuCount'],
  [/^\/resources\/gpus/, 'gpuVendor'], [/^\/resources\/(cpu|memory|pids)/, null], [/^\/timeouts\/(queue|pull|run)/, null],
  [/^\/(image|jobId|executionId|workingDirectory|user|network|pullPolicy)/, null],
];

export function fieldOf(pointer) {
  for (const [pattern, field] of POINTERS) {
    const match = pattern.exec(pointer);
    if (match) return field || match[1];
  }
  return null;
}

const number = (text) => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : text);

function given(object) {
  const kept = Object.entries(object).filter(([, value]) => value !== '' && value !== undefined);
  return kept.length ? Object.fromEntries(kept) : undefined;
}

/** The start command that the form says. */
export function toCommand(form) {
  const rest = form.rest;
  const command = { ...given(Object.fromEntries(TEXTS.map((name) => [name, form[name].trim()]))) };
  if (form.command.trim()) command.command = words(form.command);
  const environment = variables(form.environment);
  if (environment) command.environment = environment;
  const gpus = given({ ...rest.resources?.gpus, vendor: form.gpuVendor, count: number(form.gpuCount) });
  const resources = given({ ...rest.resources, cpu: number(form.cpu), memory: size(form.memory), pids: number(form.pids), gpus });
  if (resources) command.resources = resources;
  const timeouts = given({ ...rest.timeouts, queue: form.queue.trim(), pull: form.pull.trim(), run: form.run.trim() });
  if (timeouts) command.timeouts = timeouts;
  const { resources: r, timeouts: t, ...others } = rest;
  return { ...command, ...others };
}

const size = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

function variables(text) {
  const lines = text.split('\n').filter((line) => line.trim());
  if (!lines.length) return undefined;
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf('=');
    return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1)];
  }));
}

const text = (value) => (value === undefined || value === null ? '' : String(value));

/** The form that says a command; throws where it is no object. */
export function toForm(command) {
  if (command === null || typeof command !== 'object' || Array.isArray(command)) throw new TypeError('It must be a JSON object.');
  const form = { ...BLANK };
  const rest = { ...command };
  for (const name of TEXTS) {
    if (typeof command[name] !== 'string') continue;
    form[name] = command[name];
    delete rest[name];
  }
  if (isTexts(command.command)) {
    form.command = asLine(command.command);
    delete rest.command;
  }
  const environment = command.environment;
  if (environment && isTexts(Object.values(environment)) && !Object.values(environment).some((value) => value.includes('\n'))) {
    form.environment = Object.entries(environment).map(([name, value]) => name + '=' + value).join('\n');
    delete rest.environment;
  }
  takeResources(command.resources, form, rest);
  takeTimeouts(command.timeouts, form, rest);
  form.rest = rest;
  return form;
}

const isTexts = (list) => Array.isArray(list) && list.every((word) => typeof word === 'string');

function takeResources(resources, form, rest) {
  if (!resources || typeof resources !== 'object') return;
  const { cpu, memory, pids, gpus, ...others } = resources;
  Object.assign(form, { cpu: text(cpu), memory: text(memory), pids: text(pids) });
  if (gpus && typeof gpus === 'object') {
    const { vendor, count, ...more } = gpus;
    Object.assign(form, { gpuVendor: text(vendor), gpuCount: text(count) });
    if (Object.keys(more).length) others.gpus = more;
  }
  rest.resources = others;
  if (!Object.keys(others).length) delete rest.resources;
}

function takeTimeouts(timeouts, form, rest) {
  if (!timeouts || typeof timeouts !== 'object') return;
  const { queue, pull, run, ...others } = timeouts;
  Object.assign(form, { queue: text(queue), pull: text(pull), run: text(run) });
  rest.timeouts = others;
  if (!Object.keys(others).length) delete rest.timeouts;
}
