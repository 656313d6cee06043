import { getForTab, setForTab } from './store.js';

const KEPT = 20;

/** Remembers in this tab what was submitted from it, without the values of its environment. */
export function remember(executionId, command) {
  const all = [[executionId, redacted(command)], ...remembered()].slice(0, KEPT);
  setForTab('commands', JSON.stringify(all));
}

function remembered() {
  try {
    return JSON.parse(getForTab('commands') || '[]');
  } catch {
    return [];
  }
}

/** Without values; the server says *** for contents and scripts: without them it refuses the command, by their names. */
function redacted(command) {
  const { environment, inputs, provision } = command;
  const hidden = ({ content, ...input }) => (content === '***' ? input : content === undefined ? input : { ...input, content });
  const unread = ({ script, ...named }) => (script === '***' ? named : { ...named, script });
  return {
    ...command,
    ...(environment && { environment: Object.fromEntries(Object.keys(environment).map((name) => [name, ''])) }),
    ...(Array.isArray(inputs) && { inputs: inputs.map(hidden) }),
    ...(Array.isArray(provision) && { provision: provision.map(unread) }),
  };
}

/** Whether something of it has to be filled in before it can run again. */
export const lacks = ({ environment, inputs, provision }) =>
  Boolean(environment) ||
  (inputs || []).some((input) => input.type === 'inline' && input.content === undefined && input.contentBase64 === undefined) ||
  (provision || []).some((script) => script.script === undefined);

/**
 * The start command as far as it is known here: what the server tells, what was submitted in this tab, or else what the
 * status says of it. `complete` tells whether it is all of it.
 */
export function commandOf(execution) {
  const told = execution.spec && typeof execution.spec === 'object' ? execution.spec : null;
  const known = told || remembered().find(([id]) => id === execution.executionId)?.[1];
  if (known) {
    const { executionId, ...command } = redacted(known);
    return { command, complete: true };
  }
  const command = {};
  if (execution.jobId !== execution.executionId) command.jobId = execution.jobId;
  if (execution.image?.reference) command.image = execution.image.reference;
  if (execution.resources) {
    const { cpu, memory, pids } = execution.resources;
    command.resources = { cpu, memory, pids };
    if (execution.gpus?.length) command.resources.gpus = { vendor: execution.gpus[0].vendor, count: execution.gpus.length };
  }
  return { command, complete: false };
}

/** A word that a shell takes as it is. */
export const quoted = (text) => (/^[\w./:@%+=,-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'");

export const asCurl = (command) =>
  'curl -sS ' + quoted(location.origin + '/api/v1/executions') + " -H 'Content-Type: application/json' -d " +
  quoted(JSON.stringify(command));

/** `kafka` is what useKafka gives. */
export const asKcat = (command, kafka) =>
  "printf '%s' " + quoted(JSON.stringify(command)) + ' | kcat -P -b ' + quoted(kafka.bootstrapServers) + ' -t ' + quoted(kafka.topics.jobs);

/** The words of a command line, with quotes and backslashes as a shell has them; no variables, no patterns. */
export function words(line) {
  const found = [];
  const piece = /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)|(\s+)|(['"\\])/g;
  let word = null;
  for (const [, single, double, escaped, bare, space, stray] of line.matchAll(piece)) {
    if (space !== undefined) {
      if (word !== null) found.push(word);
      word = null;
    } else {
      word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? bare ?? stray);
    }
  }
  if (word !== null) found.push(word);
  return found;
}

export const asLine = (list) => list.map((word) => (word === '' ? "''" : quoted(word))).join(' ');
