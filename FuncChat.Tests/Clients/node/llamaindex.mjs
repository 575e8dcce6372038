import { openai } from '@llamaindex/openai';
import { apiKey, ask, baseURL, model, report } from './report.mjs';

const llm = openai({ model, apiKey, baseURL, maxTokens: 100 });

await report({
  chat: async () => (await llm.chat({ messages: ask('say hello', 'llamaindex') })).message.content,
  stream: async () => {
    let text = '';
    for await (const chunk of await llm.chat({ messages: ask('say hello', 'llamaindex'), stream: true })) text += chunk.delta;
    return text;
  },
});
