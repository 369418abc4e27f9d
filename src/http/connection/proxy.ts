import { ConnectorError } from '../../errors.ts';

/** Environment variables, as the process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A proxy that connections are made through. */
export interface Proxy {
  /** Whether the connection to the proxy itself is encrypted (an https:// address). */
  secure: boolean;
  host: string;
  port: number;
  /** Its address without credentials, for messages. */
  name: string;
  /** The environment variable that named it. */
  variable: string;
  /** The value of Proxy-Authorization. */
  authorization: string | undefined;
}

/**
 * The proxy for a URL by the usual environment variables: HTTPS_PROXY, else ALL_PROXY, unless NO_PROXY lists the host;
 * each also in lower case, which counts first, as in curl. This machine is never reached through a proxy, and neither is
 * plain http, which is there for this machine alone. Throws a `config_error` where the address cannot be used.
 */
export function proxyFor(url: URL, environment: Environment): Proxy | undefined {
  if (url.protocol !== 'https:' || isLoopback(url.hostname)) return undefined;
  const named = variableOf(environment, 'https_proxy') ?? variableOf(environment, 'all_proxy');
  if (!named || isListed(url, variableOf(environment, 'no_proxy')?.value ?? '')) return undefined;
  const { name: variable, value } = named;
  // The address itself is never quoted: it may hold a password.
  if (!value.includes('://')) throw unusable(variable, 'does not start with http:// or https://');
  let address: URL;
  try {
    address = new URL(value);
  } catch {
    throw unusable(variable, 'is not a valid address');
  }
  const secure = address.protocol === 'https:';
  if (!secure && address.protocol !== 'http:')
    throw unusable(variable, `starts with ${address.protocol.slice(0, 20)}//, and only http:// and https:// work`);
  return {
    secure,
    host: bare(address.hostname),
    port: Number(address.port) || (secure ? 443 : 80),
    name: address.host,
    variable,
    authorization: authorizationOf(address),
  };
}

function variableOf(environment: Environment, lower: string): { name: string; value: string } | undefined {
  for (const name of [lower, lower.toUpperCase()]) {
    const value = environment[name]?.trim();
    if (value) return { name, value };
  }
  return undefined;
}

function unusable(variable: string, why: string): ConnectorError {
  return new ConnectorError(
    `The proxy address in the environment variable ${variable} cannot be used: it ${why}. ` +
      'Give an address like http://proxy.example.com:3128, or unset the variable.',
    { failureType: 'config_error' },
  );
}

/** Credentials stand percent-encoded in an address, and are sent decoded; a stray % stands for itself. */
function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** NO_PROXY: hosts between commas or blanks, each with its subdomains, with or without a port; `*` is every host. */
function isListed(url: URL, list: string): boolean {
  const host = bare(url.hostname);
  const port = url.port || '443';
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      const withPort = /^(.*[^:]):(\d+)$/.exec(entry);
      if (withPort && withPort[2] !== port) return false;
      const name = bare(withPort?.[1] ?? entry).replace(/^\*?\./, '');
      return name !== '' && (host === name || host.endsWith(`.${name}`));
    });
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** A host without the brackets that an IPv6 address wears in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
