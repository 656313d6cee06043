import { parse, plain } from './ansi.js';

/** A line that the log holds: `style` is what the line before it left of colours. */
export function lineOf(record, attempt, style) {
  const { style: after } = record.text.includes('\x1b') || record.text.includes('\x9b') || style !== undefined
    ? parse(record.text, style)
    : { style: undefined };
  return [{ kind: 'line', attempt, style, ...record }, after && Object.keys(after).length ? after : undefined];
}

export const gapOf = (record) => ({ kind: 'gap', ...record });

/** A word of the page's own between lines. */
export const noteOf = (text) => ({ kind: 'note', text });

/** What a person would search: no control sequences, no case. */
export function searchable(item) {
  if (item.lower === undefined) item.lower = item.kind === 'line' ? plain(item.text).toLowerCase() : '';
  return item.lower;
}

const number = (seq) => (seq + 1).toLocaleString('en');

const GAP_REASONS = {
  'slow-consumer': 'this page could not keep up',
  retention: 'they are older than what is kept',
  'engine-restart': 'the engine restarted',
  'log-limit': 'the log is longer than allowed',
};

function gapText(gap) {
  const why = GAP_REASONS[gap.reason] || gap.reason || 'no reason given';
  if (gap.from === null || gap.from === undefined) return 'Lines are missing here: ' + why;
  return 'Lines ' + number(gap.from) + ' to ' + number(gap.to) + ' are missing here: ' + why;
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The row of an item. Whatever a job wrote gets in as text only. */
export function rowOf(item, needle, current) {
  const row = element('div', 'row');
  row.item = item;
  fill(row, needle, current);
  return row;
}

/** Writes the row anew, as when what is searched has changed. */
export function fill(row, needle, current) {
  const item = row.item;
  row.replaceChildren();
  row.className = 'row ' + item.kind + (current ? ' current' : '');
  if (item.kind !== 'line') {
    row.append(element('span', 'note-text', item.kind === 'gap' ? gapText(item) : item.text));
    return;
  }
  if (item.stream === 'stderr') row.classList.add('stderr');
  row.append(link(item), element('span', 'ts', item.time.slice(11, 23)), text(item, needle));
}

function link(item) {
  const made = element('a', 'no', String(item.seq + 1));
  made.href = '#L' + (item.seq + 1);
  made.tabIndex = -1;
  made.title = item.time + (item.stream === 'stderr' ? ', standard error' : '');
  return made;
}

function text(item, needle) {
  const box = element('span', 'text');
  const { runs } = parse(item.text, item.style);
  const marks = needle ? places(searchable(item), needle) : [];
  let at = 0;
  for (const run of runs) {
    if (marks.length) cut(box, run, at, marks, needle.length);
    else box.append(styled(run.text, run.style));
    at += run.text.length;
  }
  if (item.partial) box.append(element('span', 'cut', ' ⏎ the line goes on below'));
  return box;
}

const MOST_MARKS = 200;

function places(haystack, needle) {
  const found = [];
  for (let at = haystack.indexOf(needle); at >= 0 && found.length < MOST_MARKS; at = haystack.indexOf(needle, at + needle.length)) {
    found.push(at);
  }
  return found;
}

/** One run, in pieces where a match begins or ends in it. */
function cut(box, run, start, marks, length) {
  let from = 0;
  const end = run.text.length;
  for (const mark of marks) {
    const begin = Math.max(from, mark - start);
    const stop = Math.min(end, mark + length - start);
    if (stop <= from || begin >= end) continue;
    if (begin > from) box.append(styled(run.text.slice(from, begin), run.style));
    const marked = element('mark');
    marked.append(styled(run.text.slice(begin, stop), run.style));
    box.append(marked);
    from = stop;
  }
  if (from < end) box.append(styled(run.text.slice(from), run.style));
}

const FLAGS = ['bold', 'dim', 'italic', 'underline', 'strike'];

function styled(content, style) {
  if (!Object.keys(style).length) return document.createTextNode(content);
  const span = element('span', '', content);
  FLAGS.filter((flag) => style[flag]).forEach((flag) => span.classList.add(flag));
  const swapped = style.inverse === true;
  const fg = swapped ? style.bg ?? 'back' : style.fg;
  const bg = swapped ? style.fg ?? 'fore' : style.bg;
  paint(span, 'color', 'f', fg);
  paint(span, 'backgroundColor', 'b', bg);
  return span;
}

function paint(span, property, prefix, colour) {
  if (colour === undefined) return;
  if (typeof colour === 'string' && colour.startsWith('#')) span.style[property] = colour;
  else span.classList.add(prefix + '-' + colour);
}
