import { beforeAll, describe, expect, test } from '@jest/globals';
import { makeData, type Data } from './index.ts';
import { MOST_VISITS, type Visit } from './stories.ts';

const SCALE = 3_000;
const HOUR_MS = 3_600_000;

describe.each([1, 7])('histories made up from seed %i', (seed) => {
  let data: Data;
  const all = Array.from({ length: SCALE }, (_, a) => a);
  const stays = (a: number, version = 0): readonly Visit[] => data.applications.stories.visitsOf(a, version);
  beforeAll(() => {
    data = makeData({ seed, scale: SCALE, tables: {} });
  });

  test('have no gap and no overlap, at any version, and end where the application stands', () => {
    const wrong = all.flatMap((a) =>
      [0, 1, 2, 3, 9].flatMap((version) => {
        const visits = stays(a, version);
        const joined = visits.every(
          ({ enteredMs, leftMs }, n) =>
            (leftMs ?? Infinity) >= enteredMs && leftMs === visits[n + 1]?.enteredMs && n < MOST_VISITS,
        );
        return joined && visits[0]?.enteredMs === data.applications.createdMs(a) ? [] : [[a, version]];
      }),
    );
    expect(wrong).toEqual([]);
  });

  test('lead every hired application through Offer to Hired, and nobody else', () => {
    for (const a of all) {
      const stages = stays(a).map(({ stage }) => stage);
      const hired = data.applications.statusOf(a) === 'Hired';
      expect([a, stages.includes(6), stages.at(-1) === 6 && stages.at(-2) === 5]).toEqual([a, hired, hired]);
    }
  });

  test('give an offer to those alone who came to the stage Offer, accepted by those who were hired', () => {
    for (let o = 0; o < data.world.size('offer'); o++) {
      const a = data.interviews.offerApplication(o);
      expect(stays(a).some(({ stage }) => stage === 5)).toBe(true);
      expect(data.interviews.offerState(o)[0] === 'Accepted').toBe(data.applications.statusOf(a) === 'Hired');
    }
  });

  test('spread: stays in one stage differ by far, and hardly two last equally long', () => {
    const hours = all
      .flatMap((a) => stays(a))
      .flatMap(({ stage, enteredMs, leftMs }) => (stage === 1 && leftMs ? [(leftMs - enteredMs) / HOUR_MS] : []))
      .sort((x, y) => x - y);
    const at = (share: number): number => hours[Math.floor(share * (hours.length - 1))] ?? 0;
    expect(new Set(hours).size).toBeGreaterThan(0.9 * hours.length);
    expect(at(0.9)).toBeGreaterThan(4 * at(0.25));
    expect(at(0.995)).toBeGreaterThan(10 * at(0.5));
  });

  test('hold plan switches, slips of the hand, skipped stages and re-opened applications', () => {
    const some = (told: (visits: readonly Visit[]) => boolean): number => all.filter((a) => told(stays(a))).length;
    const follows = (from: number, to: number) => (visits: readonly Visit[]) =>
      visits.some(({ stage }, n) => stage === from && visits[n + 1]?.stage === to);
    expect(some((visits) => new Set(visits.map(({ plan }) => plan)).size > 1)).toBeGreaterThan(20);
    expect(some(follows(3, 1))).toBeGreaterThan(20);
    expect(some(follows(2, 4))).toBeGreaterThan(5);
    expect(some((visits) => visits.some(({ stage }, n) => stage === 7 && n < visits.length - 1))).toBeGreaterThan(50);
  });

  test('differ by source: whoever comes by a meetup is hired far more often than by a billboard', () => {
    const rate = (title: string): number => {
      const from = all.filter((a) => data.parts.sourceTitle(data.applications.sourceOf(a)) === title);
      expect(from.length).toBeGreaterThan(20);
      return from.filter((a) => data.applications.statusOf(a) === 'Hired').length / from.length;
    };
    expect(rate('Community Meetup')).toBeGreaterThan(3 * rate('Billboard Riverside'));
    expect(data.parts.source(7)).toMatchObject({ title: 'Company Website', sourceType: { title: 'Inbound' } });
  });

  test('begin after their job was opened, and fewer in August than in January', () => {
    const months = Array<number>(12).fill(0);
    for (const a of all) {
      expect(data.jobs.createdMs(data.applications.jobOf(a))).toBeLessThanOrEqual(data.applications.createdMs(a));
      const month = new Date(data.applications.createdMs(a)).getUTCMonth();
      months[month] = (months[month] ?? 0) + 1;
    }
    expect(months[7]).toBeLessThan(0.7 * (months[0] ?? 0));
  });
});
