import { path } from './api.js';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
// What trying again would not change: the client's own mistakes, and what is gone for good.
const HOPELESS = new Set([1003, 1008, 1009, 4401, 4404]);
const OUT_OF_RETENTION = 4410;

/**
 * The log of an execution by websocket, from its start, connected again behind the last line that came.
 * `tell.records(list)`, `tell.state(name, detail)`: connecting, open, waiting (detail: when it is tried again), ended, refused.
 */
export class LogSocket {
  constructor(id, attempt, tell) {
    this.id = id;
    this.wanted = attempt;
    this.tell = tell;
    this.last = null;
    this.attempt = attempt || 1;
    this.delay = FIRST_RETRY_MS;
    this.ended = false;
    this.connect();
  }

  close() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  url() {
    const query = new URLSearchParams();
    if (this.wanted) query.set('attempt', this.wanted);
    if (this.last !== null) query.set('after', this.attempt + '-' + this.last);
    const base = location.origin.replace(/^http/, 'ws') + path('executions', this.id, 'logs');
    const text = query.toString();
    return text ? base + '?' + text : base;
  }

  connect() {
    this.tell.state('connecting');
    const socket = new WebSocket(this.url());
    this.socket = socket;
    socket.onopen = () => this.tell.state('open');
    socket.onmessage = (event) => this.take(event.data);
    socket.onclose = (event) => this.closed(event);
  }

  take(data) {
    this.delay = FIRST_RETRY_MS;
    const records = data.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    for (const record of records) {
      if (record.type === 'hello') this.hello(record);
      else if (record.type === 'log') this.last = record.seq;
      else if (record.type === 'gap' && record.to !== null) this.last = Math.max(this.last ?? -1, record.to);
      else if (record.type === 'end') this.ended = true;
    }
    this.tell.records(records);
    if (this.ended) this.tell.state('ended');
  }

  hello(record) {
    if (record.attempt !== this.attempt) this.last = null;
    this.attempt = record.attempt;
  }

  closed(event) {
    if (this.ended) return;
    if (HOPELESS.has(event.code)) {
      this.ended = true;
      this.tell.state('refused', event.reason || 'The server closed the log (' + event.code + ').');
      return;
    }
    if (event.code === OUT_OF_RETENTION) this.last = null;
    // Not all pages at the same moment, when a node comes back.
    const delay = this.delay * (0.75 + Math.random() / 2);
    this.delay = Math.min(LAST_RETRY_MS, this.delay * 2);
    this.tell.state('waiting', Date.now() + delay);
    this.timer = setTimeout(() => this.connect(), delay);
  }
}
