// Each entry of the file is a turn whose server crashed: the records that the page had received, and the ids of the chat and of its stream.
import { readFileSync } from 'node:fs';
import { cutting } from './cut.mjs';
import { api, model, report } from './report.mjs';
import { ai, Chat, headers, shown, version, WorkflowChatTransport } from './sdk.mjs';

const turns = JSON.parse(readFileSync(process.argv[4], 'utf8'));
const body = { model, tools: ['find'] };
const last = (chat) => shown(chat.messages.at(-1));
console.error = () => {};

/** `fetch` whose first call returns what the page had received, and then fails; the others reach the server. */
const crashed = ({ runId, records }) => {
  let calls = 0;
  return cutting([records.length], async (...request) => {
    if (calls++ > 0) return fetch(...request);
    return new Response([...records, 'data: {}\n\n'].join(''), { headers: { 'content-type': 'text/event-stream', 'x-workflow-run-id': runId } });
  });
};

const transports = {
  resumed: (turn) => new ai.DefaultChatTransport({ api, headers, body, fetch: crashed(turn) }),
  reconnected: (turn) =>
    new WorkflowChatTransport({
      api,
      fetch: crashed(turn),
      prepareSendMessagesRequest: ({ id, messages }) => ({ headers: { 'content-type': 'application/json', ...headers }, body: { id, messages, ...body } }),
      prepareReconnectToStreamRequest: () => ({ headers }),
    }),
};

const run = async (name) => {
  const results = [];
  for (const turn of turns[name]) {
    const chat = new Chat({ id: turn.chatId, transport: transports[name](turn) });
    await chat.sendMessage({ text: turn.question });
    const retried = name === 'reconnected' && chat.status === 'error';
    if (retried) await chat.regenerate();
    else if (chat.status === 'error') await chat.resumeStream();
    results.push({ shown: last(chat), retried, status: chat.status });
  }
  return results;
};

await report({ resumed: () => run('resumed'), reconnected: () => run('reconnected') });
