import { html, useEffect, useState } from './html.js';
import { poll } from './live.js';
import { path, post } from './api.js';
import { bytes } from './format.js';
import { Link } from './router.js';
import { Age, Confirm, Empty, Failure, Loading, Meter, State, useNow } from './ui.js';

const EVERY_MS = 2000;
/** A node says that it lives every 10 s. */
const SILENT_MS = 35_000;

export function Nodes() {
  const [{ nodes, failure }, set] = useState({});
  const now = useNow();
  useEffect(() => poll(path('nodes'), EVERY_MS, (body, problem) =>
    set((last) => (problem ? { ...last, failure: problem } : { nodes: body.nodes, failure: null }))), []);
  return html`
    <div class="head"><h1>Nodes</h1></div>
    ${failure && html`<p class="banner bad" role="status">${failure.message} This page goes on trying.</p>`}
    ${!nodes
      ? !failure && html`<${Loading} what="nodes" />`
      : !nodes.length
        ? html`<${Empty} title="No node has been heard of."><p>Start one: <code>./longshore serve</code></p><//>`
        : html`<div class="nodes">${nodes.map((node) => html`<${Node} key=${node.nodeId} node=${node} now=${now} />`)}</div>`}`;
}

function Node({ node, now }) {
  const silent = node.state !== 'stopped' && now - Date.parse(node.heartbeat) > SILENT_MS;
  const { capacity, allocated } = node;
  const labels = Object.entries(node.labels || {});
  return html`
    <section class="card node" aria-label=${'Node ' + node.nodeId}>
      <div class="head"><h2>${node.nodeId}</h2> <${State} of=${silent ? 'silent' : node.state} /></div>
      <p class="facts">
        <span>heartbeat <${Age} time=${node.heartbeat} now=${now} /></span>
        <span>${node.engine ? node.engine.name + ' ' + node.engine.version + ' (API ' + node.engine.api + ')' : 'no engine'}</span>
        <span>version ${node.version}</span>
      </p>
      <p><${Link} to=${'/?nodeId=' + encodeURIComponent(node.nodeId)}>${node.running}${node.maxRunning ? ' of ' + node.maxRunning : ''} running, ${node.waiting} waiting<//></p>
      <${Meter} label="CPU" used=${allocated.cpu} most=${capacity.cpu} text=${allocated.cpu + ' of ' + capacity.cpu + ' cores'} />
      <${Meter} label="Memory" used=${allocated.memory} most=${capacity.memory} text=${bytes(allocated.memory) + ' of ' + bytes(capacity.memory)} />
      <${Gpus} node=${node} />
      ${labels.length > 0 && html`<p class="labels">${labels.map(([name, value]) => html`<span class="label">${name}=${value}</span>`)}</p>`}
      <${NodeActions} node=${node} silent=${silent} />
    </section>`;
}

function Gpus({ node }) {
  const all = node.capacity.gpus || [];
  if (!all.length) return html`<p class="muted">No GPU</p>`;
  const taken = new Set((node.allocated.gpus || []).map((gpu) => gpu.id));
  return html`
    <${Meter} label="GPUs" used=${taken.size} most=${all.length} text=${taken.size + ' of ' + all.length} />
    <ul class="gpus">
      ${all.map((gpu) => html`
        <li title=${gpu.id + ' at ' + gpu.pciAddress}>${gpu.model || gpu.vendor}, ${gpu.memoryBytes ? bytes(gpu.memoryBytes) : 'memory not known'}:
          <strong> ${gpu.healthy === false ? 'not healthy' : taken.has(gpu.id) ? 'in use' : 'free'}</strong></li>`)}
    </ul>`;
}

function NodeActions({ node, silent }) {
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState(null);
  const tell = async (command, word) => {
    setSaid(null);
    try {
      await post(path('nodes', node.nodeId, command), {});
      setSaid({ text: word });
    } catch (failure) {
      setSaid({ failure });
    }
  };
  const confirmed = (yes) => {
    setAsking(false);
    if (yes !== false) tell('drain', 'Asked to take nothing new.');
  };
  if (node.state === 'stopped' || silent) return null;
  return html`
    <div class="actions">
      ${node.state === 'draining'
        ? html`<button type="button" onClick=${() => tell('undrain', 'Asked to take jobs again.')}>Undrain</button>`
        : html`<button type="button" onClick=${() => setAsking(true)}>Drain…</button>`}
      <span role="status" class="muted">${said?.text}</span>
    </div>
    ${said?.failure && html`<${Failure} failure=${said.failure} />`}
    ${asking && html`
      <${Confirm} title=${'Drain ' + node.nodeId + '?'} yes="Drain the node" close=${confirmed}>
        <p>It takes no new job until it is undrained. What runs there goes on.</p>
      <//>`}`;
}
