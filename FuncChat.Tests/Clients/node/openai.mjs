import { z } from 'zod';
import { apiKey, ask, baseURL, model, report, weatherParameters } from './report.mjs';

const name = process.argv[3];
const { default: OpenAI } = await import(name);
const { zodResponseFormat } = await import(`${name}/helpers/zod`);
const client = new OpenAI({ baseURL, apiKey });
const Weather = z.object({ city: z.string(), degrees: z.number() });
const tools = (calls) => [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather of a city',
      parameters: weatherParameters,
      parse: JSON.parse,
      function: ({ city }) => {
        calls.push(city);
        return `sunny in ${city}`;
      },
    },
  },
];
const failure = async (promise) => {
  try {
    await promise;
    return null;
  } catch ({ status, code, param, type, requestID }) {
    return { status, code, param, type, hasRequestId: Boolean(requestID) };
  }
};

await report({
  models: async () => (await client.models.list()).data.map((each) => each.id),
  model: async () => (await client.models.retrieve(model)).id,
  chat: async () => {
    const completion = await client.chat.completions.create({ model, messages: ask('say hello', name), user: 'u', seed: 1, n: 1 });
    return { text: completion.choices[0].message.content, finish: completion.choices[0].finish_reason, hasRequestId: Boolean(completion._request_id) };
  },
  stream: async () => {
    let text = '';
    for await (const chunk of await client.chat.completions.create({ model, messages: ask('say hello', name), stream: true }))
      text += chunk.choices[0]?.delta.content ?? '';
    return text;
  },
  streamHelper: async () => {
    const stream = client.chat.completions.stream({ model, messages: ask('say hello', name), stream_options: { include_usage: true } });
    return { text: await stream.finalContent(), tokens: (await stream.totalUsage()).total_tokens };
  },
  runTools: async () => {
    const calls = [];
    const runner = client.chat.completions.runTools({ model, messages: ask('weather', name), tools: tools(calls) });
    return { text: await runner.finalContent(), calls };
  },
  runToolsStreamed: async () => {
    const calls = [];
    const runner = client.chat.completions.runTools({ model, messages: ask('weather', name), tools: tools(calls), stream: true });
    return { text: await runner.finalContent(), calls };
  },
  parse: async () => {
    const completion = await client.chat.completions.parse({ model, messages: ask('json', name), response_format: zodResponseFormat(Weather, 'weather') });
    return completion.choices[0].message.parsed;
  },
  abort: async () => {
    const stream = await client.chat.completions.create({ model, messages: ask('stall', name), stream: true });
    for await (const _ of stream) break; // leaves the loop, which closes the connection
    return 'left';
  },
  retried: async () => (await client.chat.completions.create({ model, messages: ask('fail once', name) })).choices[0].message.content,
  refused: () => failure(client.chat.completions.create({ model, messages: ask('refuse', name), stream: true })),
  denied: () => failure(client.chat.completions.create({ model, messages: ask('deny', name), stream: true })),
  unknownModel: () => failure(client.chat.completions.create({ model: 'nothing', messages: ask('say hello', name) })),
});
