import { fill, rowOf, searchable } from './logrow.js';

/** How many rows the document holds at most; beyond it, a browser that follows is slow. */
export const MOST_ROWS = 2000;
/** How many lines the page keeps; older ones are still on the server. */
export const MOST_KEPT = 200_000;
const STEP = 500;
const NEAR = 400; // pixels from an edge at which more rows are put there
const AT_END = 12;

/**
 * The lines of a log, and a window of them as rows of `box`. Items are only added at the end. `tell()` is called when
 * what it says of itself has changed: `follow`, `unseen`, `total`.
 */
export class LogWindow {
  constructor(box, tell) {
    this.box = box;
    this.tell = tell;
    this.items = [];
    this.dropped = 0; // items that are no longer kept
    this.from = 0; // the window, as indexes of items
    this.to = 0;
    this.follow = true;
    this.needle = '';
    this.current = null;
    this.lastTop = 0;
    this.frame = 0;
    this.scrolled = () => this.onScroll();
    box.addEventListener('scroll', this.scrolled, { passive: true });
  }

  close() {
    this.box.removeEventListener('scroll', this.scrolled);
    cancelAnimationFrame(this.frame);
  }

  /** Items that came since the last row that is shown. */
  get unseen() {
    return this.items.length - this.to;
  }

  add(items) {
    for (const item of items) this.items.push(item);
    if (this.items.length > MOST_KEPT * 1.1) this.forget(this.items.length - MOST_KEPT);
    if (!this.frame) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.show();
      });
    }
  }

  clear() {
    this.items = [];
    this.from = 0;
    this.to = 0;
    this.current = null;
    this.box.replaceChildren();
    this.setFollow(true);
  }

  forget(count) {
    this.items.splice(0, count);
    this.dropped += count;
    this.to = Math.max(0, this.to - count);
    if (this.from < count) {
      for (let i = Math.min(count - this.from, this.box.childElementCount); i > 0; i--) this.box.firstElementChild.remove();
    }
    this.from = Math.max(0, this.from - count);
  }

  show() {
    if (this.follow) this.toEnd();
    else if (this.to - this.from < MOST_ROWS) this.append(Math.min(this.items.length, this.from + MOST_ROWS));
    this.tell();
  }

  toEnd() {
    const end = this.items.length;
    if (end - this.to >= MOST_ROWS) this.replace(end - MOST_ROWS, end);
    else {
      this.append(end);
      this.trimStart(MOST_ROWS);
    }
    this.box.scrollTop = this.box.scrollHeight;
    this.lastTop = this.box.scrollTop;
  }

  setFollow(follow) {
    if (this.follow === follow) return;
    this.follow = follow;
    if (follow) this.toEnd();
    this.tell();
  }

  /** To the first line that is kept. */
  toStart() {
    this.follow = false;
    this.replace(0, Math.min(this.items.length, MOST_ROWS));
    this.box.scrollTop = 0;
    this.lastTop = 0;
    this.tell();
  }

  onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.box;
    const below = scrollHeight - scrollTop - clientHeight;
    const wentUp = scrollTop < this.lastTop - 1;
    this.lastTop = scrollTop;
    if (this.follow) {
      if (wentUp && below > AT_END) {
        this.follow = false;
        this.tell();
      }
      return;
    }
    if (scrollTop < NEAR && this.from > 0) this.more(-1);
    else if (below < NEAR && this.to < this.items.length) this.more(1);
    else if (below <= AT_END && !wentUp && this.to === this.items.length) this.setFollow(true);
  }

  /** Shifts the window, with what is looked at staying where it is. */
  more(direction) {
    const anchor = direction < 0 ? this.box.firstElementChild : this.box.lastElementChild;
    const before = anchor.offsetTop;
    if (direction < 0) {
      this.prepend(Math.max(0, this.from - STEP));
      this.trimEnd(MOST_ROWS);
    } else {
      this.append(Math.min(this.items.length, this.to + STEP));
      this.trimStart(MOST_ROWS);
    }
    this.box.scrollTop += anchor.offsetTop - before;
    this.lastTop = this.box.scrollTop;
    this.tell();
  }

  replace(from, to) {
    this.box.replaceChildren(this.rows(from, to));
    this.from = from;
    this.to = to;
  }

  append(to) {
    if (to <= this.to) return;
    this.box.append(this.rows(this.to, to));
    this.to = to;
  }

  prepend(from) {
    this.box.prepend(this.rows(from, this.from));
    this.from = from;
  }

  trimStart(most) {
    while (this.to - this.from > most) {
      this.box.firstElementChild.remove();
      this.from++;
    }
  }

  trimEnd(most) {
    while (this.to - this.from > most) {
      this.box.lastElementChild.remove();
      this.to--;
    }
  }

  rows(from, to) {
    const rows = document.createDocumentFragment();
    for (let i = from; i < to; i++) rows.append(rowOf(this.items[i], this.needle, this.items[i] === this.current));
    return rows;
  }

  /** Marks a text in all lines; '' ends that. */
  search(text) {
    this.needle = text.toLowerCase();
    this.redraw();
  }

  redraw() {
    for (const row of this.box.children) fill(row, this.needle, row.item === this.current);
  }

  /** How many lines have the text that is searched. */
  matches() {
    if (!this.needle) return 0;
    let count = 0;
    for (const item of this.items) if (searchable(item).includes(this.needle)) count++;
    return count;
  }

  /** Goes to the next line that has the text, or to the one before; false where there is none. */
  find(direction) {
    const length = this.items.length;
    if (!this.needle || !length) return false;
    const start = this.current ? this.items.indexOf(this.current) : direction > 0 ? this.from - 1 : this.to;
    for (let i = 1; i <= length; i++) {
      const at = (((start + direction * i) % length) + length) % length;
      if (searchable(this.items[at]).includes(this.needle)) {
        this.reveal(at);
        return true;
      }
    }
    return false;
  }

  /** Goes to a line by its number; false where it is not kept. */
  goTo(seq) {
    let at = -1;
    for (let i = this.items.length - 1; i >= 0 && at < 0; i--) if (this.items[i].seq === seq && this.items[i].kind === 'line') at = i;
    if (at >= 0) {
      this.reveal(at);
      this.box.scrollIntoView({ block: 'nearest' }); // the log may be below what the window shows
    }
    return at >= 0;
  }

  reveal(at) {
    this.follow = false;
    this.current = this.items[at];
    if (at < this.from || at >= this.to) {
      const from = Math.max(0, Math.min(at - MOST_ROWS / 2, this.items.length - MOST_ROWS));
      this.replace(from, Math.min(this.items.length, from + MOST_ROWS));
    } else {
      this.redraw();
    }
    const row = this.box.children[at - this.from];
    this.box.scrollTop = row.offsetTop - this.box.clientHeight / 3;
    this.lastTop = this.box.scrollTop;
    this.tell();
  }
}
