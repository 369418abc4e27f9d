// Runs a command on this machine after events came: node run-command.mjs ./sync.sh
// and give the receiver --notify http://127.0.0.1:8090/. While the command runs the answer is 409: it is called again.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [command, ...words] = process.argv.slice(2);
let running = false;

createServer((request, response) => {
  if (running) return response.writeHead(409).end();
  running = true;
  const child = spawn(command, words, { stdio: 'inherit' });
  child.once('error', (error) => console.error(error.message));
  child.once('close', () => (running = false));
  response.writeHead(202).end();
}).listen(Number(process.env.PORT ?? 8090), '127.0.0.1');
