// Each entry of the file is a run whose server crashed: its input, and the records that the client had received.
import { readFileSync } from 'node:fs';
import { HttpAgent } from '@ag-ui/client';
import { cutting } from './cut.mjs';
import { reconnecting } from '../../../examples/ag-ui/reconnect.mjs';
import { api, report } from './report.mjs';

const runs = JSON.parse(readFileSync(process.argv[3], 'utf8'));

const crashed = (records) => {
  let calls = 0;
  return cutting([records.length], async (...request) => {
    if (calls++ > 0) return fetch(...request);
    return new Response([...records, 'data: {}\n\n'].join(''), { headers: { 'content-type': 'text/event-stream' } });
  });
};

await report({
  continued: async () => {
    const results = [];
    for (const { input, records } of runs) {
      const { threadId, runId, messages, forwardedProps } = input;
      const agent = new HttpAgent({ url: api, threadId, initialMessages: messages, fetch: reconnecting(crashed(records)) });
      await agent.runAgent({ runId, forwardedProps });
      results.push(agent.messages.slice(1).flatMap(({ role, content }) => (content && role !== 'activity' ? [`${role}:${content}`] : [])));
    }
    return results;
  },
});
