import type { AshbyClient, AshbyRequest } from '../ashby/client.ts';
import { AshbyError } from '../ashby/envelope.ts';
import { notAshby } from '../ashby/feature.ts';
import { isSurelyBadKey } from '../ashby/key-guard.ts';
import { KEYS_PAGE, permissionName, permissions, type Permission } from '../ashby/permissions.ts';
import { ConnectorError } from '../errors.ts';
import type { Table } from '../tables/definition.ts';
import { permissionsOf } from '../tables/lineage.ts';
import { streams } from '../tables/table.ts';

/** What a key may read. */
export interface Access {
  allowed: ReadonlySet<Permission>;
  missing: readonly Permission[];
}

/** Ids of this shape belong to nothing, so that asking for one tells only whether asking is allowed. */
const NO_ID = '00000000-0000-4000-8000-000000000000';

/** The cheapest question for each permission. */
const probes: Record<Exclude<Permission, 'apiKeysRead' | 'reportsRead'>, Pick<AshbyRequest, 'endpoint' | 'body'>> = {
  candidatesRead: { endpoint: 'candidate.list', body: { limit: 1 } },
  jobsRead: { endpoint: 'job.list', body: { limit: 1 } },
  interviewsRead: { endpoint: 'interview.list', body: { limit: 1 } },
  hiringProcessMetadataRead: { endpoint: 'candidateTag.list', body: { limit: 1 } },
  organizationRead: { endpoint: 'department.list', body: { limit: 1 } },
  offersRead: { endpoint: 'offer.list', body: { limit: 1 } },
  approvalsRead: { endpoint: 'approval.list', body: { limit: 1 } },
  sourcingRead: { endpoint: 'sequenceTemplate.list', body: {} },
  auditLogsRead: { endpoint: 'auditLog.list', body: {} },
  notetakerRead: { endpoint: 'notetakerTranscript.info', body: { notetakerTranscriptId: NO_ID } },
};

type ReadPermission = keyof typeof probes;

/** The permissions that some table needs, each once. */
export const neededPermissions = [...new Set(streams.flatMap(permissionsOf))].filter(
  (permission): permission is ReadPermission => permission in probes,
);

/**
 * Finds out what the key may read: by `apiKey.info` where the key may ask that, else by one small question for each
 * permission. Only a real answer counts as allowed, or a refusal that is known to be about a feature or about the
 * made-up id. Throws a ConnectorError for a bad key (after two requests at most) and for whatever else is refused or
 * fails: a report made from answers that prove nothing would promise tables, or leave them out, in silence.
 */
export async function findAccess(client: AshbyClient): Promise<Access> {
  const scopes = await scopesOf(client);
  const unsure = neededPermissions.filter((permission) => {
    const { scope, scopeIsDocumented } = permissions[permission];
    return scopes === undefined || (!scopes.has(scope) && !scopeIsDocumented);
  });
  const denied = new Set<Permission>(
    neededPermissions.filter(
      (permission) => !unsure.includes(permission) && scopes?.has(permissions[permission].scope) === false,
    ),
  );
  const absent = new Set<Permission>(); // features that the account lacks prove nothing about the key
  const sort = async (permission: ReadPermission, badKeyCounts: boolean): Promise<void> => {
    const found = await probe(client, permission, badKeyCounts);
    if (found === 'denied') denied.add(permission);
    if (found === 'absent') absent.add(permission);
  };
  const [first, ...others] = unsure;
  // Where apiKey.info told nothing, the first probe goes alone: with a bad key nothing more should be asked.
  if (first !== undefined) await sort(first, scopes === undefined);
  await Promise.all(others.map((permission) => sort(permission, false)));
  const allowed = neededPermissions.filter((permission) => !denied.has(permission));
  return {
    allowed: new Set(allowed.every((permission) => absent.has(permission)) ? [] : allowed),
    missing: neededPermissions.filter((permission) => denied.has(permission)),
  };
}

/** The key's scopes; undefined where the key may not ask for them. */
async function scopesOf(client: AshbyClient): Promise<Set<unknown> | undefined> {
  try {
    const { value } = await client.object({ endpoint: 'apiKey.info', permission: 'apiKeysRead', body: {} });
    return Array.isArray(value['scopes']) ? new Set<unknown>(value['scopes']) : undefined;
  } catch (failure) {
    if (!(failure instanceof AshbyError) || isSurelyBadKey(failure)) throw failure;
    // Only these say that the key may not ask this: the probes will tell. All else says nothing about the key.
    const mayNotAsk = ['permission', 'bad-key', 'unavailable'].includes(failure.kind);
    if (mayNotAsk) return undefined;
    throw failure;
  }
}

/** `badKeyCounts`: whether a refusal without a code means a bad key, which ends everything. */
async function probe(
  client: AshbyClient,
  permission: ReadPermission,
  badKeyCounts: boolean,
): Promise<'allowed' | 'denied' | 'absent'> {
  try {
    const request = { ...probes[permission], permission };
    if (request.endpoint.endsWith('.info')) await client.object(request);
    else await client.list(request);
    return 'allowed';
  } catch (failure) {
    if (!(failure instanceof AshbyError) || isSurelyBadKey(failure)) throw failure;
    switch (failure.kind) {
      case 'permission':
        return 'denied';
      case 'bad-key':
        if (badKeyCounts) throw failure;
        return 'denied';
      case 'unavailable':
        if (!isFeature(permission)) throw notAshby(failure);
        return 'absent';
      case 'not-found':
      case 'skip-row':
        if (asksForNothing(permission)) return 'allowed'; // it was looked for
        throw failure;
      default:
        throw failure; // a refusal that says nothing about the permission proves nothing
    }
  }
}

/** Whether the permission is about tables that not every account has, and nothing else. */
function isFeature(permission: ReadPermission): boolean {
  const own = streams.filter(({ source }) => 'permission' in source && source.permission === permission);
  return own.every((stream) => stream.mayBeAbsent);
}

function asksForNothing(permission: ReadPermission): boolean {
  return Object.values(probes[permission].body).includes(NO_ID);
}

/** One line for each missing permission, naming the tables that it costs. */
export function missingLines(access: Access): string[] {
  return access.missing.map((permission) => {
    const lost = streams.filter((stream) => permissionsOf(stream).includes(permission)).map((stream) => stream.name);
    return `The API key lacks ${permissionName(permission)}: ${lost.join(', ')} cannot be read. Tick it ${KEYS_PAGE} if you want them.`;
  });
}

/** The error for a key that may read no table at all. */
export function nothingReadable(): ConnectorError {
  const names = neededPermissions.map(permissionName).join(', ');
  return new ConnectorError(
    `The API key works, but it may read no table. Tick one or more of these ${KEYS_PAGE}: ${names}.`,
    {
      failureType: 'config_error',
    },
  );
}

export function readable(stream: Table, access: Access): boolean {
  return permissionsOf(stream).every((permission) => access.allowed.has(permission));
}
