// The least that Node can do to bring the same rows out: fetch pages over a kept-alive connection, parse, print.
// Arguments: base URL, API key, then pairs of stream name and request as JSON ({"endpoint", "body"}).
import { Agent, request } from 'node:http';

const [base, key, ...lists] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;

function ask(endpoint, body) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = {
      authorization,
      'content-type': 'application/json',
      accept: 'application/json; version=1',
      'content-length': Buffer.byteLength(text),
    };
    request(`${base}/${endpoint}`, { method: 'POST', agent, headers }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
      answer.on('error', reject);
    })
      .on('error', reject)
      .end(text);
  });
}

async function walk(stream, { endpoint, body }) {
  let cursor;
  for (;;) {
    const answer = await ask(endpoint, { ...body, limit: 100, ...(cursor ? { cursor } : {}) });
    let lines = '';
    for (const data of answer.results)
      lines += `${JSON.stringify({ type: 'RECORD', record: { stream, data, emitted_at: Date.now() } })}\n`;
    if (!process.stdout.write(lines)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    if (!answer.moreDataAvailable) return;
    cursor = answer.nextCursor;
  }
}

const walks = [];
for (let index = 0; index < lists.length; index += 2) walks.push(walk(lists[index], JSON.parse(lists[index + 1])));
await Promise.all(walks);
