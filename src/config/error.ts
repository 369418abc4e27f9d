import { ConnectorError } from '../errors.ts';

/** The error for a form that cannot be used. `what` are whole sentences that name fields; they quote no value. */
export function configError(what: string): ConnectorError {
  const where = what.includes('"api_key"') ? ' The key is made in Ashby under Admin > Integrations > API Keys.' : '';
  return new ConnectorError(`The configuration cannot be used: ${what}${where}`, { failureType: 'config_error' });
}
