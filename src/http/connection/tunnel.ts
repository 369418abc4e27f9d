import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { NetworkError, ProxyError } from '../network-error.ts';
import type { Proxy } from './proxy.ts';

export interface TunnelOptions {
  proxy: Proxy;
  /** Where the tunnel leads, `host:port`. */
  target: string;
  /** How long the proxy may take to connect. */
  timeoutMs: number;
  /** Certificates that an https:// proxy is trusted by, where they are not Node's own. */
  ca: string | undefined;
  signal: AbortSignal;
}

/**
 * Asks a proxy for a connection (CONNECT, RFC 9110 section 9.3.6). Nothing that the proxy itself says is ever handed on:
 * whatever its answer holds beyond "connected" ends the attempt, and what it sends later meets TLS.
 * Rejects with ProxyError where it refuses, with NetworkError where it cannot be reached or is silent.
 */
export function openTunnel({ proxy, target, timeoutMs, ca, signal }: TunnelOptions): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const headers = { host: target, ...(proxy.authorization ? { 'proxy-authorization': proxy.authorization } : {}) };
    const request = (proxy.secure ? https : http).request({
      host: proxy.host,
      port: proxy.port,
      servername: isIP(proxy.host) ? '' : proxy.host, // Node would take it from the header Host, which names the target
      method: 'CONNECT',
      path: target,
      headers,
      agent: false,
      signal,
      ...(ca === undefined ? {} : { ca }),
    });
    const timer = setTimeout(() => {
      const why = `the proxy ${proxy.name} made no connection within ${timeoutMs / 1000} s`;
      request.destroy(new NetworkError('ETIMEDOUT', why));
    }, timeoutMs);
    request.once('connect', (answer, socket, head) => {
      clearTimeout(timer);
      const refusal = faultOf(answer.statusCode ?? 0, head, { proxy, target });
      if (!refusal) return resolve(socket);
      socket.on('error', () => undefined).destroy();
      reject(refusal);
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error instanceof NetworkError ? error : new NetworkError(error.code ?? 'unknown', error.message));
    });
    request.once('close', () => clearTimeout(timer));
    request.end();
  });
}

/** What is wrong with a proxy's answer; undefined where the connection stands. */
function faultOf(
  status: number,
  head: Buffer,
  { proxy, target }: Pick<TunnelOptions, 'proxy' | 'target'>,
): ProxyError | undefined {
  const { name, variable } = proxy;
  const check = `Check the address in ${variable}, or ask whoever runs the proxy.`;
  if (status >= 200 && status < 300) {
    if (head.length === 0) return undefined;
    return new ProxyError('EPROXY', `The proxy ${name} answered for ${target} itself. ${check}`, false);
  }
  if (status === 407) {
    const why = proxy.authorization
      ? `does not accept the user name and password in ${variable}`
      : 'wants a user name and a password';
    const what = `${proxy.authorization ? 'Correct' : 'Give'} them in ${variable}, as in http://user:password@proxy.example.com:3128, special characters percent-encoded.`;
    return new ProxyError('EPROXY407', `The proxy ${name} ${why} (status 407). ${what}`, true);
  }
  if (status === 403) {
    const what = `Ask whoever runs it to allow that, or list the host in NO_PROXY if it can be reached directly.`;
    return new ProxyError(
      'EPROXY403',
      `The proxy ${name} forbids connections to ${target} (status 403). ${what}`,
      true,
    );
  }
  const passes = status >= 500 || status === 408 || status === 429;
  const message = `The proxy ${name} did not connect to ${target} (status ${status}). ${check}`;
  return new ProxyError(`EPROXY${status}`, message, !passes);
}
