// Cuts the stream after each of its records, and reports what the page shows in the end.
import { cutting } from './cut.mjs';
import { api, model, report } from './report.mjs';
import { ai, Chat, headers, shown, version, WorkflowChatTransport } from './sdk.mjs';

const body = { model, tools: ['find'] };
const ask = (chat) => chat.sendMessage({ text: `tour (${version})` });
const last = (chat) => shown(chat.messages.at(-1));
const longest = 40;
console.error = () => {};

/** Asks once for each place of a cut, until the stream ends before it, and returns the results that differ from the first uncut one. */
async function eachCut(run) {
  const expected = JSON.stringify(await run([]));
  const wrong = [];
  for (let records = 0; records < longest; records++) {
    const result = JSON.stringify(await run([records, 2, 1]));
    if (result !== expected) wrong.push({ records, result });
  }
  return { expected: JSON.parse(expected), wrong };
}

await report({
  resumed: () =>
    eachCut(async (cuts) => {
      const transport = new ai.DefaultChatTransport({ api, headers, body, fetch: cutting(cuts.slice(0, 1)) });
      let chat = new Chat({ transport });
      await ask(chat);
      if (chat.status !== 'error') return last(chat);
      // Version 5 appends what it resumes to what it has, so that only a page that was loaded again can resume.
      if (version === 5) chat = new Chat({ id: chat.id, transport, messages: chat.messages.slice(0, 1) });
      await chat.resumeStream();
      return last(chat);
    }),
  reconnected: async () => {
    if (!WorkflowChatTransport) return null;
    return eachCut(async (cuts) => {
      const prepareSendMessagesRequest = ({ id, messages }) => ({ headers: { 'content-type': 'application/json', ...headers }, body: { id, messages, ...body } });
      const prepareReconnectToStreamRequest = () => ({ headers });
      const transport = new WorkflowChatTransport({ api, fetch: cutting(cuts), prepareSendMessagesRequest, prepareReconnectToStreamRequest });
      const chat = new Chat({ transport });
      await ask(chat);
      return chat.status === 'error' ? chat.error.message : last(chat);
    });
  },
});
