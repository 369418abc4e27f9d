import { describe, expect, test } from '@jest/globals';
import { permissions, type Permission } from '../ashby/permissions.ts';
import { findTable, permissionsOf } from '../tables/lineage.ts';
import { fakeAshby, refused, type Answer } from '../testing/fake-ashby.ts';
import { findAccess, missingLines, neededPermissions, nothingReadable, readable } from './access.ts';

const ok = { success: true, results: [], moreDataAvailable: false };
const denied = refused('missing_endpoint_permission');
const scopesOf = (names: readonly Permission[]): object => ({
  success: true,
  results: { scopes: names.map((name) => permissions[name].scope) },
});
const without = (...names: Permission[]): Permission[] => neededPermissions.filter((name) => !names.includes(name));

async function access(answer: Answer) {
  const { client, asked } = fakeAshby(answer);
  const found = await findAccess(client);
  return { found, asked: asked.map(({ endpoint }) => endpoint) };
}
/** The probes answer; `apiKey.info` may not be asked. */
const probed =
  (other: Partial<Record<string, unknown>>): Answer =>
  ({ endpoint }) =>
    other[endpoint] ?? (endpoint.endsWith('.info') ? refused('notetaker_transcript_not_found') : ok);

describe('by the scopes that apiKey.info tells', () => {
  test('one request is enough where all scopes are documented and there', async () => {
    const { found, asked } = await access(() => scopesOf(neededPermissions));
    expect([...found.allowed].sort()).toEqual([...neededPermissions].sort());
    expect(found.missing).toEqual([]);
    expect(asked).toEqual(['apiKey.info']);
  });

  test('a documented scope that is not there is missing, without another request', async () => {
    const lacking = neededPermissions.find((name) => permissions[name].scopeIsDocumented);
    if (lacking === undefined) throw new Error('no scope is documented');
    const { found, asked } = await access(() => scopesOf(without(lacking)));
    expect(found.missing).toEqual([lacking]);
    expect(found.allowed.has(lacking)).toBe(false);
    expect(asked).toEqual(['apiKey.info']);
  });

  test('a scope whose name is a guess is tried where it is not there', async () => {
    const unsure = neededPermissions.filter((name) => !permissions[name].scopeIsDocumented);
    expect(unsure.length).toBeGreaterThan(0);
    const { found, asked } = await access((one) =>
      one.endpoint === 'apiKey.info' ? scopesOf(without(...unsure)) : probed({})(one),
    );
    expect(found.missing).toEqual([]);
    expect(asked).toHaveLength(1 + unsure.length);
  });
});

describe('by one small question for each permission', () => {
  const noInfo = { 'apiKey.info': denied };

  test('what is answered is allowed, what is denied is missing', async () => {
    const { found, asked } = await access(probed({ ...noInfo, 'offer.list': denied }));
    expect(found.missing).toEqual(['offersRead']);
    expect([...found.allowed].sort()).toEqual(without('offersRead').sort());
    expect(asked).toHaveLength(1 + neededPermissions.length);
  });

  test('a feature that the account lacks says nothing against the key', async () => {
    const { found } = await access(probed({ ...noInfo, 'auditLog.list': refused('audit_logs_not_enabled') }));
    expect(found.missing).toEqual([]);
  });

  test('where nothing but absent features is left, nothing is allowed', async () => {
    const { found } = await access(({ endpoint }) =>
      endpoint === 'auditLog.list' ? refused('audit_logs_not_enabled') : denied,
    );
    expect(found.allowed.size).toBe(0);
  });

  test('what every account has is no absent feature: the network is to be looked at', async () => {
    const answer = probed({ ...noInfo, 'candidate.list': refused('feature_not_enabled') });
    await expect(access(answer)).rejects.toMatchObject({
      failureType: 'config_error',
      message: expect.stringContaining("What answers in Ashby's place") as unknown,
    });
  });

  test.each(['something_new', 'invalid_input', 'sync_token_expired'])(
    'the refusal %s proves nothing about a permission, and is thrown',
    async (code) => {
      await expect(access(probed({ ...noInfo, 'offer.list': refused(code) }))).rejects.toMatchObject({ code });
    },
  );
});

describe('a refused key', () => {
  test.each(['api_key_revoked', 'account_suspended'])('%s ends it after one request', async (code) => {
    const { client, asked } = fakeAshby(() => refused(code));
    await expect(findAccess(client)).rejects.toMatchObject({ kind: 'bad-key', code });
    expect(asked).toHaveLength(1);
  });
});

describe('in words', () => {
  test('each missing permission has a line with the tables that it costs', () => {
    const missing = ['offersRead', 'approvalsRead'] as const;
    const lines = missingLines({ allowed: new Set(), missing });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/lacks .*offersRead.*: .*\boffers\b.*\boffer_details\b.* cannot be read\. Tick it/);
    expect(lines[0]).not.toContain('approvals');
  });

  test('a key that reads nothing is told every permission there is to tick', () => {
    const { message, failureType } = nothingReadable();
    expect(failureType).toBe('config_error');
    for (const name of neededPermissions) expect(message).toContain(name);
  });

  test('a table can be read with all permissions of its lineage, and with no fewer', () => {
    const table = findTable('offer_details');
    if (!table) throw new Error('no offer_details');
    const needed = permissionsOf(table);
    expect(readable(table, { allowed: new Set(needed), missing: [] })).toBe(true);
    for (const name of needed) {
      const rest = needed.filter((other) => other !== name);
      expect(readable(table, { allowed: new Set(rest), missing: [name] })).toBe(false);
    }
  });
});
