import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { z } from 'zod';
import { apiKey, baseURL, model, report } from './report.mjs';

const settings = { model, apiKey, configuration: { baseURL } };
const chat = new ChatOpenAI(settings);
const responses = new ChatOpenAI({ ...settings, useResponsesApi: true, reasoning: { effort: 'low', summary: 'auto' }, zdrEnabled: true });
const weather = tool(({ city }) => `sunny in ${city}`, { name: 'get_weather', description: 'The weather of a city', schema: z.object({ city: z.string() }) });
// The server has a tool of this name, but this one is the client's.
const script = tool(() => 'mine', { name: 'execute_javascript', description: 'Runs code', schema: z.object({ code: z.string() }) });

await report({
  invoke: async () => (await chat.invoke('say hello (langchain)')).content,
  bindTools: async () => {
    const answer = await chat.bindTools([weather]).invoke('weather (langchain)');
    return answer.tool_calls.map(({ name, args }) => ({ name, args }));
  },
  sameName: async () => (await chat.bindTools([script]).invoke('script (langchain)')).tool_calls.map(({ name }) => name),
  structured: () => chat.withStructuredOutput(z.object({ city: z.string(), degrees: z.number() })).invoke('json (langchain)'),
  stream: async () => {
    let text = '';
    for await (const chunk of await chat.stream('say hello (langchain)')) text += chunk.content;
    return text;
  },
  responses: async () => {
    const first = await responses.bindTools([weather]).invoke('weather (langchain)');
    const result = { role: 'tool', tool_call_id: first.tool_calls[0].id, content: 'sunny in Bern' };
    return (await responses.bindTools([weather]).invoke([['user', 'weather (langchain)'], first, result])).text;
  },
  responsesStructured: () => responses.withStructuredOutput(z.object({ city: z.string(), degrees: z.number() })).invoke('json (langchain)'),
  responsesStreamed: async () => {
    let text = '';
    for await (const chunk of await responses.stream('say hello (langchain)')) text += chunk.text;
    return text;
  },
});
