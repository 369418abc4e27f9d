import { AshbyError } from '../ashby/envelope.ts';
import { isKnownCode } from '../ashby/error-table.ts';
import { mayBeAboutFeature, notAshby, said } from '../ashby/feature.ts';
import { permissionName } from '../ashby/permissions.ts';
import { ConnectorError } from '../errors.ts';
import type { Table } from '../tables/definition.ts';
import { permissionsOf } from '../tables/lineage.ts';

/**
 * A refusal in words that fit the table. Features that an account lacks are refused with codes that nobody lists, so
 * that a refusal of an optional table is taken for one of them, but only where the key has got anything out of Ashby
 * at all: what answers in Ashby's place, or refuses everything, is no reason to go to Ashby's sales. A damaged
 * request, an answer that is too large or a redirection is none of that.
 *
 * `keyWorks` resolves when it is known whether any request of the run succeeded.
 */
export async function explain(failure: unknown, table: Table, keyWorks: Promise<boolean>): Promise<unknown> {
  if (!(failure instanceof AshbyError)) return failure;
  const unknownEndpoint = failure.kind === 'unavailable' && !isKnownCode(failure.code);
  if (!table.mayBeAbsent) return unknownEndpoint ? notAshby(failure) : failure;
  if (!mayBeAboutFeature(failure)) return failure;
  const saidByName = failure.kind === 'unavailable' && !unknownEndpoint;
  if (saidByName || (await keyWorks)) return notOffered(failure, table);
  return unknownEndpoint ? unknownToAll(failure) : failure;
}

function notOffered(failure: AshbyError, table: Table): ConnectorError {
  const needed = permissionsOf(table).map(permissionName).join(' and ');
  return new ConnectorError(
    `Ashby does not offer this table to your account (${failure.code ?? 'unknown endpoint'}): it belongs to a paid or beta feature. Deselect it, or ask Ashby to enable the feature; the key then needs ${needed}.`,
    { failureType: 'config_error', internalMessage: failure.internalMessage, cause: failure },
  );
}

function unknownToAll(failure: AshbyError): ConnectorError {
  return new ConnectorError(
    `What answers in Ashby's place does not know this table (${said(failure)}), and nothing else was answered in this run. ` +
      'Check the network and any proxy between the connector and api.ashbyhq.com. If other tables can be read, deselect this one.',
    { failureType: 'config_error', internalMessage: failure.internalMessage, cause: failure },
  );
}
