import { ConnectorError } from '../errors.ts';

/** Where Ashby's API lives. */
export const ASHBY_URL = 'https://api.ashbyhq.com';

export interface BaseUrl {
  url: string;
  /** Whether it was overridden by ASHBY_BASE_URL. */
  overridden: boolean;
  /** A request to this machine must never go to a proxy: the key would travel there in the clear. */
  useProxy: boolean;
}

/**
 * Ashby's address, or the one in the environment variable ASHBY_BASE_URL, for the simulator. It is no part of the
 * configuration, since whoever may edit that could send the key elsewhere. Only https is taken, and plain http for
 * this machine alone. Throws a `config_error` otherwise.
 */
export function baseUrl(override: string | undefined): BaseUrl {
  if (override === undefined || override === '') return { url: ASHBY_URL, overridden: false, useProxy: true };
  const refuse = (why: string): ConnectorError =>
    new ConnectorError(
      `The environment variable ASHBY_BASE_URL ${why}. Unset it, or give an https address, or an http address of this machine.`,
      {
        failureType: 'config_error',
      },
    );
  let url: URL;
  try {
    url = new URL(override);
  } catch (cause) {
    throw new ConnectorError(
      'The environment variable ASHBY_BASE_URL is not an address. Unset it, or give one like https://api.ashbyhq.com.',
      {
        failureType: 'config_error',
        cause,
      },
    );
  }
  if (url.username !== '' || url.password !== '') throw refuse('holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw refuse('holds more than an address');
  const loopback =
    url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw refuse('is neither https nor http on this machine, so the API key would travel unprotected');
  }
  return { url: url.href.replace(/\/+$/, ''), overridden: true, useProxy: !loopback };
}
