import type { Call } from '../settings.ts';

const PATIENCE_MS = 15_000;

/**
 * Makes one call and returns the status of its answer; the answer's body is dropped. Rejects where none came. A proxy is
 * obeyed for other machines only: with HTTP_PROXY set axios would send calls to this machine there as well, with their
 * headers.
 */
export async function call(
  { url, method, headers, body }: Call,
  userAgent: string,
  stop: AbortSignal,
): Promise<number> {
  const { default: axios } = await import('axios');
  const { hostname } = new URL(url);
  const here = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  const answer = await axios.request<unknown>({
    url,
    method,
    headers: { 'content-type': 'application/json', 'user-agent': userAgent, ...lowerCased(headers) },
    data: body,
    timeout: PATIENCE_MS,
    signal: AbortSignal.any([stop, AbortSignal.timeout(2 * PATIENCE_MS)]),
    maxRedirects: 0,
    maxContentLength: 10_000_000,
    responseType: 'arraybuffer',
    validateStatus: () => true,
    transformRequest: [(data: unknown): unknown => data],
    ...(here ? { proxy: false as const } : {}),
  });
  return answer.status;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
