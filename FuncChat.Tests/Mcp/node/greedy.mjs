// A server that sends as many bytes in one line as a call asks for, and has a child.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
const schema = { type: 'object', properties: { bytes: { type: 'integer' } } };
const tools = ['send', 'ids', 'complain'].map(name => ({ name, inputSchema: schema }));
const send = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const text = value => ({ content: [{ type: 'text', text: value }] });

function call({ name, arguments: { bytes } }) {
  if (name === 'send') return text('x'.repeat(bytes));
  if (name === 'complain') setInterval(() => process.stderr.write('x'.repeat(100_000)), 1);
  return text(`${process.pid} ${child.pid}`);
}

createInterface({ input: process.stdin }).on('line', line => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === 'initialize') send({ id, result: { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'greedy', version: '1' } } });
  else if (method === 'tools/list') send({ id, result: { tools } });
  else if (method === 'tools/call') send({ id, result: call(params) });
  else send({ id, error: { code: -32601, message: 'Method not found' } });
});
