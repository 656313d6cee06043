import { html, render, useEffect, useState } from './html.js';
import { Link, useRoute } from './router.js';
import { getChoice, setChoice } from './store.js';
import { onTokenWanted, signIn } from './api.js';
import { Executions } from './executions.js';
import { ExecutionView } from './execution.js';
import { Nodes } from './nodes.js';
import { Submit } from './submit.js';
import { DeadLetters } from './deadletters.js';
import { Empty } from './ui.js';

const PLACES = [['/', 'Executions', ''], ['/nodes', 'Nodes', 'nodes'], ['/dead-letters', 'Dead letters', 'dead-letters']];

function view({ parts, query }) {
  const [first = '', id] = parts;
  if (first === '') return ['Executions', html`<${Executions} query=${query} />`];
  if (first === 'executions' && id) return [id, html`<${ExecutionView} key=${id} id=${id} query=${query} />`];
  if (first === 'nodes') return ['Nodes', html`<${Nodes} />`];
  if (first === 'submit') return ['Run a job', html`<${Submit} query=${query} />`];
  if (first === 'dead-letters') return ['Dead letters', html`<${DeadLetters} />`];
  return ['Not found', html`<${Empty} title="There is nothing here."><p><${Link} to="/">All executions<//></p><//>`];
}

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' };

function ThemeButton() {
  const [theme, set] = useState(getChoice('theme') || 'system');
  const change = () => {
    const next = NEXT_THEME[theme];
    set(next);
    setChoice('theme', next === 'system' ? null : next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };
  return html`<button type="button" class="quiet" onClick=${change} title="Light, dark, or as the system is">
    <span class="wide-only">Theme: </span>${theme}</button>`;
}

/** Asks for the bearer token that the server wants. */
function TokenForm() {
  const [wanted, set] = useState(false);
  const [failure, setFailure] = useState(null);
  useEffect(() => onTokenWanted(() => set(true)), []);
  if (!wanted) return null;
  const submit = async (event) => {
    event.preventDefault();
    try {
      await signIn(event.target.elements.token.value.trim());
      location.reload();
    } catch (problem) {
      setFailure(problem);
    }
  };
  return html`
    <form class="banner" onSubmit=${submit}>
      <label>This server wants a token. <input type="password" name="token" autocomplete="off" required /></label>
      ${' '}<button type="submit">Sign in</button>
      ${failure && html`<p class="error" role="alert">${failure.message}</p>`}
    </form>`;
}

function App() {
  const route = useRoute();
  const [title, content] = view(route);
  useEffect(() => {
    document.title = title + ' · Longshore';
  }, [title]);
  const here = route.parts[0] || '';
  const current = (key) => (here === key || (key === '' && here === 'executions') ? 'page' : null);
  return html`
    <a class="skip" href="#main">Skip to the content</a>
    <header class="top">
      <${Link} to="/" class="brand"><img src="/web/icon.svg" alt="" width="22" height="22" /> Longshore<//>
      <nav aria-label="Main">
        ${PLACES.map(([to, name, key]) => html`<${Link} to=${to} aria-current=${current(key)}>${name}<//>`)}
      </nav>
      <span class="top-end">
        <${ThemeButton} />
        <${Link} to="/submit" class="button primary" aria-current=${current('submit')}>Run a job<//>
      </span>
    </header>
    <main id="main" tabindex="-1"><${TokenForm} />${content}</main>`;
}

render(html`<${App} />`, document.getElementById('page'));
