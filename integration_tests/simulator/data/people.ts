/** Candidates, and the rows that hang on them. Candidates are written straight as JSON, for speed. */

import { T } from '../tables.ts';
import { iso, memo, roll, type World } from '../world.ts';
import { CITIES, COMPANIES, SCHOOLS, TIMEZONES, TITLES, awkward, word } from '../words.ts';
import type { Row } from '../types.ts';
import type { Applications } from './applications.ts';
import { candidateEmail, candidateName, tagTitle } from './names.ts';
import type { Parts } from './parts.ts';

const FRAUD = ['Fraudulent', 'NotFraudulent', 'Unsure', 'Unreviewed', 'PassedFraudCheck'];
const LINKS = ['LinkedIn', 'GitHub', 'Twitter', 'Medium', 'StackOverflow', 'YouTube', 'CodePen', 'Website'];
const KINDS = ['Personal', 'Work', 'Other'];

export type Candidates = ReturnType<typeof makeCandidates>;

export function makeCandidates(world: World, parts: Parts, applications: Applications) {
  const quoted = (text: string): string => JSON.stringify(text);
  const tagCount = world.size('candidateTag');
  const tagJson = memo(500, (t) =>
    JSON.stringify({ id: world.id('candidateTag', t), title: tagTitle(t), isArchived: t % 6 === 4 }),
  );
  const cityJson = memo(64, (n) => {
    const [city, region, country] = word(CITIES, n);
    return JSON.stringify({
      id: world.id('geo', n),
      locationSummary: `${city}, ${region}, ${country}`,
      locationComponents: [
        { type: 'City', name: city },
        { type: 'Region', name: region },
        { type: 'Country', name: country },
      ],
    });
  });

  const json = (c: number, version: number): string => {
    const b = world.base('candidate', c);
    const r = roll(b, 3);
    const r2 = roll(b, 4);
    const id = world.id('candidate', c);
    const created = world.createdMs('candidate', c);
    const email = `{"value":"${candidateEmail(c)}","type":"${KINDS[r % 3]}","isPrimary":true}`;
    let s = `{"id":"${id}","createdAt":"${iso(created)}","updatedAt":"${iso(world.updatedMs('candidate', c, version))}","name":${quoted(candidateName(world, c))}`;
    const bare = r % 11 === 0;
    if (!bare)
      s += `,"primaryEmailAddress":${email},"emailAddresses":[${email}${r % 13 === 1 ? `,{"value":"other${c}@example.org","type":"Work","isPrimary":false}` : ''}]`;
    else s += (r & 1024 ? ',"primaryEmailAddress":null' : '') + ',"emailAddresses":[]';
    if (r % 3 === 1) {
      const phone = `{"value":"+1555${String(1000000 + (r2 % 9000000))}","type":"${KINDS[r2 % 3]}","isPrimary":true}`;
      s += `,"primaryPhoneNumber":${phone},"phoneNumbers":[${phone}]`;
    } else s += ',"phoneNumbers":[]';
    s +=
      r % 2
        ? `,"socialLinks":[{"type":"${LINKS[(r >>> 4) % 8]}","url":"https://social.example.com/${c}"}]`
        : ',"socialLinks":[]';
    s += ',"tags":[';
    const tags = (r >>> 7) % 4;
    for (let k = 0; k < tags; k++) s += (k ? ',' : '') + tagJson(((r2 >>> 5) + k) % tagCount);
    s += ']';
    if (r2 % 8 !== 0 || version > 0) s += `,"position":"${word(TITLES, r2)}${version ? ` (edit ${version})` : ''}"`;
    if (r2 % 5 !== 0) s += r2 % 5 === 1 ? ',"company":null' : `,"company":"${word(COMPANIES, r2 >>> 3)}"`;
    if (r2 % 4 === 1) s += `,"school":"${word(SCHOOLS, r2 >>> 6)}"`;
    s += ',"applicationIds":[';
    const [from, to] = applications.ofCandidate(c);
    for (let a = from; a < to; a++) s += `${a > from ? ',' : ''}"${world.id('application', a)}"`;
    for (const other of world.absorbed(c)) {
      const [first, end] = applications.ofCandidate(other);
      for (let a = first; a < end; a++) s += `${s.endsWith('[') ? '' : ','}"${world.id('application', a)}"`;
    }
    s += ']';
    if (r % 4 === 1) {
      const file = `{"id":"${world.id('file', c * 4)}","name":"resume-${c}.pdf","handle":"made-up-handle-${c}"}`;
      s += `,"resumeFileHandle":${file},"fileHandles":[${file}]`;
    } else s += (r % 4 === 2 ? ',"resumeFileHandle":null' : '') + ',"fileHandles":[]';
    if (r % 6 !== 5) s += `,"customFields":${parts.fieldPoolJson('Candidate', r2)}`;
    s += `,"profileUrl":"https://app.example.com/candidates/${id}"`;
    const source = from < to ? applications.sourceOf(from) : -1;
    if (source >= 0) s += `,"source":${parts.sourceJson(source)}`;
    const credited = from < to ? applications.creditOf(from) : -1;
    if (credited >= 0) s += `,"creditedToUser":${parts.userJson(credited)}`;
    if (r2 % 3) s += `,"timezone":"${word(TIMEZONES, r2)}","location":${cityJson(r2 % CITIES.length)}`;
    if (r % 2) s += r % 10 === 1 ? ',"fraudStatus":null' : `,"fraudStatus":"${word(FRAUD, r >>> 9)}"`;
    return s + '}';
  };

  const childIndex = (c: number, k: number): number => c * 8 + k;
  const noteCount = (c: number): number => roll(world.base('candidate', c), 30) % 5;
  const note = (c: number, k: number): Row => {
    const b = world.base('note', childIndex(c, k));
    const content = b % 9 === 4 ? null : (awkward(roll(b, 1)) ?? `Spoke with the candidate, call ${b % 100}.`);
    return {
      id: world.id('note', childIndex(c, k)),
      createdAt: iso(world.laterMs(world.createdMs('candidate', c), b, 60)),
      isPrivate: b % 6 === 0,
      ...(b % 10 === 3 ? {} : { content }),
      author: parts.person(world.pick('user', roll(b, 2))),
    };
  };
  const clientInfoCount = (c: number): number => roll(world.base('candidate', c), 31) % 3;
  const clientInfo = (c: number, k: number): Row => {
    const b = world.base('clientInfo', childIndex(c, k));
    const [from, to] = applications.ofCandidate(c);
    return {
      id: world.id('clientInfo', childIndex(c, k)),
      ipAddress: `192.0.2.${b % 256}`,
      ...(b % 4 ? { userAgent: `ExampleBrowser/${b % 20}.0` } : {}),
      relatedEntityType:
        from < to && b % 3
          ? 'application'
          : word(['blocked_application_submission', 'meeting_availability_request'], b >>> 4),
      relatedEntityId: from < to ? world.id('application', from) : world.id('request', c),
      candidateId: world.id('candidate', c),
      createdAt: iso(world.laterMs(world.createdMs('candidate', c), b, 30)),
    };
  };
  const fraudCheckCount = (c: number): number => (roll(world.base('candidate', c), 32) % 4 === 0 ? 1 : 0);
  const fraudCheck = (c: number, k: number): Row => {
    const b = world.base('fraudCheck', childIndex(c, k));
    const [from, to] = applications.ofCandidate(c);
    return {
      id: world.id('fraudCheck', childIndex(c, k)),
      candidateId: world.id('candidate', c),
      applicationId: from < to && b % 5 ? world.id('application', from) : null,
      createdAt: iso(world.laterMs(world.createdMs('candidate', c), b, 30)),
      fraudSignals: Array.from({ length: 1 + (b % 2) }, (_, n) => ({
        id: world.id('signal', childIndex(c, k) * 2 + n),
        category: n ? 'Email' : 'Location',
        name: n ? 'disposable_email' : 'ip_mismatch',
        description: 'A made-up signal.',
        ...(b % 3 ? { value: `192.0.2.${b % 256}` } : {}),
      })),
    };
  };
  /** Projects that a candidate is in, as project indexes. */
  const projectsOf = (c: number): number[] => {
    const r = roll(world.base('candidate', c), 33);
    const first = world.pick('project', r >>> 3);
    return r % 4 === 0 ? [first] : r % 16 === 1 ? [...new Set([first, (first + 1) % world.size('project')])] : [];
  };

  return {
    json,
    noteCount,
    note,
    clientInfoCount,
    clientInfo,
    fraudCheckCount,
    fraudCheck,
    projectsOf,
    table: T.candidate,
  };
}
