// A server of an earlier version that ignores what it does not know, and writes down that it was asked. A call returns the methods that were called.
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const methods = [];
const send = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');

createInterface({ input: process.stdin }).on('line', line => {
  const { id, method, params } = JSON.parse(line);
  methods.push(method);
  if (method === 'initialize') send({ id, result: { protocolVersion: '2024-11-05', capabilities: { tools: {} }, serverInfo: { name: 'silent', version: '1' } } });
  else if (method === 'tools/list') send({ id, result: { tools: ['methods', 'end'].map(name => ({ name, inputSchema: { type: 'object' } })) } });
  else if (method === 'tools/call' && params.name === 'end') process.exit();
  else if (method === 'tools/call') send({ id, result: { content: [{ type: 'text', text: methods.join(' ') }] } });
  else if (method === 'server/discover') writeFileSync(process.env.ASKED, '');
});
