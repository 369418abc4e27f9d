import * as http from 'node:http';
import * as https from 'node:https';
import { NetworkError } from '../network-error.ts';

/** So many answers "still working" (status 1xx) may come before the one that counts. */
const MOST_INTERIM_ANSWERS = 16;

/**
 * Sends a request that gets one answer or an error, and nothing else. Node would let a switch of protocols (status 101)
 * end without either, interim answers go on for ever, and an answer come before its request was sent.
 */
export function requestOnce(
  options: https.RequestOptions,
  onAnswer: (answer: http.IncomingMessage) => void,
): http.ClientRequest {
  const request = (options.protocol === 'https:' ? https : http).request(options, (answer) => {
    // Our requests are small, and nobody can know the answer to one that has not left yet.
    if (!request.writableFinished) fail('an answer came before the request was sent');
    else if ((answer.statusCode ?? 0) < 200)
      fail(`the other side ended with an interim answer (status ${answer.statusCode ?? 0})`);
    else {
      // What is wrong behind the body (a wrong Content-Length) is news to the request alone.
      request.on('error', (error) => answer.on('error', () => undefined).destroy(error));
      onAnswer(answer);
    }
  });
  const fail = (why: string): void => {
    request.destroy(new NetworkError('EBADANSWER', why));
  };
  let interim = 0;
  request.on('information', ({ statusCode }) => {
    interim += 1;
    if (statusCode === 101) fail('the other side wants to switch protocols (status 101)');
    else if (interim > MOST_INTERIM_ANSWERS) fail(`more than ${MOST_INTERIM_ANSWERS} interim answers (status 1xx)`);
  });
  request.on('upgrade', (_answer, socket) => {
    socket.on('error', () => undefined).destroy();
    const why = 'the other side switched protocols (status 101)';
    request.emit('error', new NetworkError('EBADANSWER', why)); // Node regards it as done
  });
  return request;
}
