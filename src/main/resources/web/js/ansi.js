// Colours of terminals, and nothing else of them: every control sequence but SGR is dropped.

// In this order: CSI; strings (OSC, DCS, SOS, PM, APC) to their end; other escapes; other controls but tab;
// what turns the direction of text around. Each alternative is linear.
const CONTROL = new RegExp(
  '(?:\\x1b\\[|\\x9b)([\\x30-\\x3f]*)([\\x20-\\x2f]*)([\\x40-\\x7e]?)' +
    '|(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)?' +
    '|\\x1b[\\x20-\\x2f]*[\\x30-\\x7e]?' +
    '|[\\x00-\\x08\\x0a-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029]',
  'g',
);
const NUMBERS = /^[\d;:]*$/;
const MOST_NUMBERS = 64;

/** No attribute set. Styles are immutable: a change makes another. */
export const PLAIN = Object.freeze({});

/** What a terminal would leave of a line in which the cursor returns to its start. */
function afterReturns(text) {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 13) end--;
  const last = text.lastIndexOf('\r', end - 1);
  return last >= 0 && end > 0 ? text.slice(last + 1, end) : text.slice(0, end);
}

/**
 * The runs of one line, `[{text, style}]`, and the style that the next line begins with.
 * Sequences before a carriage return still count: colours are not taken back by it.
 */
export function parse(line, style = PLAIN) {
  const runs = [];
  let current = style;
  const text = line.includes('\r') ? returned(line) : line;
  let from = 0;
  CONTROL.lastIndex = 0;
  for (let match = CONTROL.exec(text); match; match = CONTROL.exec(text)) {
    if (match.index > from) add(runs, text.slice(from, match.index), current);
    from = match.index + match[0].length;
    if (match[3] === 'm' && match[2] === '' && NUMBERS.test(match[1])) current = sgr(current, match[1]);
  }
  if (from < text.length) add(runs, text.slice(from), current);
  return { runs, style: current };
}

function returned(line) {
  const kept = afterReturns(line);
  const lost = line.slice(0, line.lastIndexOf(kept));
  const colours = lost.match(/(?:\x1b\[|\x9b)[\d;:]*m/g);
  return (colours ? colours.join('') : '') + kept;
}

function add(runs, text, style) {
  const last = runs[runs.length - 1];
  if (last && last.style === style) last.text += text;
  else runs.push({ text, style });
}

/** The text alone. */
export function plain(line) {
  return (line.includes('\r') ? afterReturns(line) : line).replace(CONTROL, '');
}

const FLAGS = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 9: 'strike' };
const UNSET = { 22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'], 27: ['inverse'], 29: ['strike'], 39: ['fg'], 49: ['bg'] };

function sgr(before, text) {
  // 38:2::r:g:b has an empty colour space in it; 38:2:r:g:b has none.
  const numbers = text.replace(/([34]8):2::/g, '$1:2:').split(/[;:]/, MOST_NUMBERS).map(Number);
  let style = { ...before };
  for (let i = 0; i < numbers.length; i++) {
    const n = numbers[i];
    if (n === 0) style = {};
    else if (FLAGS[n]) style[FLAGS[n]] = true;
    else if (UNSET[n]) UNSET[n].forEach((name) => delete style[name]);
    else if (n >= 30 && n <= 37) style.fg = n - 30;
    else if (n >= 40 && n <= 47) style.bg = n - 40;
    else if (n >= 90 && n <= 97) style.fg = n - 82;
    else if (n >= 100 && n <= 107) style.bg = n - 92;
    else if (n === 38 || n === 48) {
      const [colour, used] = extended(numbers, i + 1);
      if (colour !== null) style[n === 38 ? 'fg' : 'bg'] = colour;
      i += used;
    }
  }
  return Object.keys(style).length ? Object.freeze(style) : PLAIN;
}

/** A colour of the 256 or of the 16 million, and how many numbers it took. */
function extended(numbers, at) {
  if (numbers[at] === 5) return [byNumber(numbers[at + 1]), 2];
  if (numbers[at] === 2) return [hex(numbers.slice(at + 1, at + 4)), 4];
  return [null, 0];
}

const byte = (value) => Number.isInteger(value) && value >= 0 && value <= 255;

function hex(parts) {
  if (parts.length !== 3 || !parts.every(byte)) return null;
  return '#' + parts.map((part) => part.toString(16).padStart(2, '0')).join('');
}

function byNumber(n) {
  if (!byte(n)) return null;
  if (n < 16) return n;
  if (n >= 232) return hex(Array(3).fill(8 + 10 * (n - 232)));
  const level = (step) => (step ? 55 + 40 * step : 0);
  return hex([level(Math.floor((n - 16) / 36)), level(Math.floor((n - 16) / 6) % 6), level((n - 16) % 6)]);
}
