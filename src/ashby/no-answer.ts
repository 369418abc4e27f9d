import { ProxyError, type NetworkError } from '../http/network-error.ts';
import { passing, system, type Verdict } from './verdict.ts';

/*
 * Verdicts of what is no answer of Ashby's at all.
 */

/** An answer that is not Ashby's: worth another try, since proxies and maintenance pages come and go. */
export function unreadable(endpoint: string, why: string): Verdict {
  return passing(
    `${endpoint} answered with something that is not an answer of Ashby's (${why}), and kept doing so. ` +
      'Check the network and any proxy between the connector and Ashby, then run the sync again.',
  );
}

/** Codes of OpenSSL and Node for a certificate that is not believed. */
const CERTIFICATE = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/;

/**
 * What somebody has to mend on the way to Ashby, in a sentence; undefined where the failure may pass by itself. It is
 * no refusal of Ashby's, so it has no verdict: nothing can be read, and nothing is known of any table.
 */
export function blocked(failure: NetworkError): string | undefined {
  if (failure instanceof ProxyError) return failure.final ? failure.message : undefined;
  if (!CERTIFICATE.test(failure.code)) return undefined;
  return (
    `The certificate that was shown in Ashby's name is not trusted (${failure.code}), so nothing was sent. Where a company's ` +
    'proxy looks into encrypted connections, name its certificate in the environment variable NODE_EXTRA_CA_CERTS; ' +
    'otherwise check the clock and the network of this machine.'
  );
}

/** No whole answer came, which may pass. */
export function unreachable(endpoint: string, failure: NetworkError): Verdict {
  const { code, via } = failure;
  if (failure instanceof ProxyError) return passing(failure.message);
  const way = via === undefined ? '' : `, through the proxy ${via}`;
  return passing(
    `The connector could not reach Ashby at ${endpoint} (${code}). Check that it may connect to api.ashbyhq.com, port 443${way}, then run the sync again.`,
  );
}

/** The answer was over the cap. Asking for the same again cannot help; asking for fewer rows might. */
export function tooLarge(endpoint: string, limitBytes: number): Verdict {
  return system(
    'too-large',
    `Ashby's answer at ${endpoint} is larger than ${Math.floor(limitBytes / 1024 / 1024)} MB, which is more than the connector ` +
      'takes in at once, to stay within its memory. Deselect the table, and report this with its name.',
  );
}
