// Starts a sync of an Airbyte connection. Airbyte's tokens live for minutes only, so this small server stands between:
// run it beside the receiver, and give the receiver --notify http://127.0.0.1:8090/.
//   AIRBYTE_CLIENT_ID=… AIRBYTE_CLIENT_SECRET=… AIRBYTE_CONNECTION=… node airbyte.mjs
// AIRBYTE_API is https://api.airbyte.com/v1 for Airbyte Cloud, https://HOST/api/public/v1 for one of your own.
import { createServer } from 'node:http';

const {
  AIRBYTE_API = 'https://api.airbyte.com/v1',
  AIRBYTE_CLIENT_ID,
  AIRBYTE_CLIENT_SECRET,
  AIRBYTE_CONNECTION,
  PORT = '8090',
} = process.env;

async function post(path, body, headers = {}) {
  return fetch(`${AIRBYTE_API}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
}

/** The status that tells the receiver how it went: 409 (a sync runs already) makes it call again later. */
async function startSync() {
  const answer = await post('/applications/token', {
    client_id: AIRBYTE_CLIENT_ID,
    client_secret: AIRBYTE_CLIENT_SECRET,
    'grant-type': 'client_credentials',
  });
  if (!answer.ok) return answer.status;
  const { access_token: token } = await answer.json();
  const job = await post(
    '/jobs',
    { connectionId: AIRBYTE_CONNECTION, jobType: 'sync' },
    { authorization: `Bearer ${token}` },
  );
  return job.status;
}

createServer((request, response) => {
  startSync()
    .catch(() => 502)
    .then((status) => response.writeHead(status).end());
}).listen(Number(PORT), '127.0.0.1');
