import type { JournalPlace } from './place.ts';

/**
 * Where the journal begins. auditLog.list says nothing of its oldest entry, and an empty window proves nothing about
 * the time before it, so the walk starts before Ashby itself did (the company was founded in 2018).
 */
export const BEGINNING_MS = Date.UTC(2015, 0, 1);
/** So much of the time before a window is read again: entries may come late. */
export const OVERLAP_MS = 15 * 60_000;
/** Two clocks that are so close count as one. */
const CLOSE_MS = 60_000;

/**
 * Until when a journal is read: now, when the reading began. Entries bear the times of Ashby's clock, which each answer
 * shows (header Date); ours may be another. So it is read up to the later of the two, and what is marked as read for
 * good ends with the earlier: a wrong clock makes a run ask for more, and loses nothing.
 */
export class JournalEnd {
  /** Up to when there may be entries. */
  latestMs: number;
  /** Up to when there will be no new ones. */
  sureMs: number;
  #heard = false;

  /** `nowMs`: our own clock. */
  constructor(nowMs: number) {
    this.latestMs = this.sureMs = Math.max(BEGINNING_MS, nowMs);
  }

  /** An answer came; `serverTimeMs` is what Ashby's clock showed, if it said so. The first one counts. */
  hear(serverTimeMs: number | undefined): void {
    if (this.#heard) return;
    this.#heard = true;
    if (serverTimeMs === undefined) return;
    this.latestMs = Math.max(this.latestMs, serverTimeMs);
    // The header has whole seconds: where the two clocks agree, ours is the more exact.
    const isClose = Math.abs(serverTimeMs - this.sureMs) <= CLOSE_MS;
    if (!isClose) this.sureMs = Math.max(BEGINNING_MS, Math.min(this.sureMs, serverTimeMs));
  }

  /** A mark in the future would hide all that is written before it comes: it is none of ours, or a clock has gone back. */
  covers({ until, window }: JournalPlace): boolean {
    return [until, window?.to].every((date) => date === undefined || Date.parse(date) <= this.latestMs + OVERLAP_MS);
  }

  /** Whether a window up to `ms` reaches the end. */
  isReachedAt(ms: number): boolean {
    return ms >= this.latestMs - CLOSE_MS;
  }
}
