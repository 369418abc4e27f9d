// A server that gives the first page of each list of another one again and again, under new ids and with a line
// separator in every row.
// Arguments: base URL, API key, how many pages each list has. Prints {"url", "apiKey"} as one line when ready.
import { createServer } from 'node:http';

const [base, apiKey, pages] = process.argv.slice(2);
const firstPages = new Map();

async function rowsOf(path, headers, body) {
  if (!firstPages.has(path)) {
    const answer = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { authorization: headers.authorization, accept: headers.accept, 'content-type': 'application/json' },
      body,
    });
    const { results } = await answer.json();
    firstPages.set(path, results);
  }
  return firstPages.get(path);
}

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString('utf8');
  const page = await rowsOf(request.url, request.headers, body);
  const next = Number(JSON.parse(body).cursor ?? 0) + 1;
  const rows = JSON.stringify(page.map((row) => ({ ...row, id: `${next}-${row.id}`, remark: 'line\u2028separator' })));
  const paging = next < Number(pages) ? `true,"nextCursor":"${next}"` : 'false,"syncToken":"end"';
  const answer = Buffer.from(`{"success":true,"results":${rows},"moreDataAvailable":${paging}}`);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length }).end(answer);
});
server.listen(0, '127.0.0.1', () =>
  console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}`, apiKey })),
);
