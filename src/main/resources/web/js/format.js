const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(count) {
  if (count === null || count === undefined) return '–';
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return (unit === 0 || value >= 100 ? Math.round(value) : Number(value.toFixed(1))) + ' ' + UNITS[unit];
}

/** A length of time, in its two largest units. */
export function duration(millis) {
  if (millis === null || millis === undefined || Number.isNaN(millis)) return '–';
  const ms = Math.max(0, millis);
  if (ms < 1000) return Math.round(ms) + ' ms';
  if (ms < 10_000) return (ms / 1000).toFixed(1) + ' s';
  const s = Math.floor(ms / 1000);
  if (s < 60) return s + ' s';
  if (s < 3600) return Math.floor(s / 60) + ' min ' + (s % 60) + ' s';
  if (s < 86_400) return Math.floor(s / 3600) + ' h ' + Math.floor((s % 3600) / 60) + ' min';
  return Math.floor(s / 86_400) + ' d ' + Math.floor((s % 86_400) / 3600) + ' h';
}

/** How long ago, in one unit. */
export function age(time, now) {
  if (!time) return '–';
  const s = Math.max(0, Math.floor((now - Date.parse(time)) / 1000));
  if (s < 5) return 'just now';
  if (s < 60) return s + ' s ago';
  if (s < 3600) return Math.floor(s / 60) + ' min ago';
  if (s < 86_400) return Math.floor(s / 3600) + ' h ago';
  return Math.floor(s / 86_400) + ' d ago';
}

const DAY_AND_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export const absolute = (time) => (time ? DAY_AND_TIME.format(new Date(time)) : '');

export const cores = (count) => (count === 1 ? '1 core' : Number(count ?? 0) + ' cores');

export const plural = (count, one, many) => count.toLocaleString('en') + ' ' + (count === 1 ? one : many);

const FINAL = new Set(['succeeded', 'failed', 'cancelled', 'rejected', 'lost']);

export const isFinal = (state) => FINAL.has(state);

export const STATES = [
  'accepted', 'pulling', 'starting', 'running', 'paused', 'stopping',
  'succeeded', 'failed', 'cancelled', 'rejected', 'lost',
];

/** How long the program ran, or runs; null where it did not. */
export function ran(execution, now) {
  if (!execution.startedAt) return null;
  const end = execution.finishedAt ? Date.parse(execution.finishedAt) : now;
  return Math.max(0, end - Date.parse(execution.startedAt));
}
