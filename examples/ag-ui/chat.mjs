// npm install, then: node chat.mjs "a question"
import { HttpAgent } from '@ag-ui/client';
import { createInterface } from 'node:readline/promises';
import { reconnecting } from './reconnect.mjs';

const server = process.env.FUNCCHAT_URL ?? 'http://127.0.0.1:7071';
const key = process.env.FUNCCHAT_API_KEY;
const agent = new HttpAgent({
  url: `${server}/api/agui`,
  headers: key ? { Authorization: `Bearer ${key}` } : {},
  fetch: reconnecting(),
  initialMessages: [{ id: crypto.randomUUID(), role: 'user', content: process.argv[2] ?? 'Calculate 17 * 23' }],
});
const show = {
  onTextMessageContentEvent: ({ event }) => void process.stdout.write(event.delta),
  onTextMessageEndEvent: () => void process.stdout.write('\n'),
  onToolCallStartEvent: ({ event }) => console.log(`[${event.toolCallName}]`),
};
const options = { forwardedProps: { model: process.env.FUNCCHAT_MODEL, server_tools: ['execute_javascript'] } };

await agent.runAgent(options, show);
while (agent.pendingInterrupts.length > 0) {
  const terminal = createInterface(process);
  const resume = [];
  for (const { id, message } of agent.pendingInterrupts)
    resume.push({ interruptId: id, status: 'resolved', payload: { approved: (await terminal.question(`${message} Approve? (y/n) `)) === 'y' } });
  terminal.close();
  await agent.runAgent({ ...options, resume }, show);
}
