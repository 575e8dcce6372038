import { z } from 'zod';
import { apiKey, ask, baseURL, model, report, weatherParameters } from './report.mjs';

const name = process.argv[3];
const { default: OpenAI } = await import(name);
const { zodTextFormat } = await import(`${name}/helpers/zod`);
const client = new OpenAI({ baseURL, apiKey });
const format = zodTextFormat(z.object({ city: z.string(), degrees: z.number() }), 'weather');
const tools = [{ type: 'function', name: 'get_weather', description: 'The weather of a city', parameters: weatherParameters, strict: true }];
const failure = async (promise) => {
  try {
    await promise;
    return null;
  } catch ({ status, code, param, type, requestID }) {
    return { status, code, param, type, hasRequestId: Boolean(requestID) };
  }
};
const respond = (body) => client.responses.create({ model, ...body });
const streamed = (body) => client.responses.stream({ model, ...body }).finalResponse();

/** Runs the functions that the model calls until it answers. */
async function loop(create) {
  const calls = [];
  let response = await create({ input: ask('weather', name), tools });
  for (let call = response.output.find((item) => item.type === 'function_call'); call; call = response.output.find((item) => item.type === 'function_call')) {
    const args = JSON.parse(call.arguments);
    calls.push(args);
    const input = [{ type: 'function_call_output', call_id: call.call_id, output: `sunny in ${args.city}` }];
    response = await create({ previous_response_id: response.id, input, tools });
  }
  return { text: response.output_text, calls };
}

await report({
  create: async () => {
    const response = await respond({ input: ask('say hello', name), instructions: 'Be kind.', user: 'u', truncation: 'auto', include: [] });
    return { text: response.output_text, status: response.status, tokens: response.usage.total_tokens };
  },
  stream: async () => {
    let text = '';
    for await (const event of await respond({ input: ask('say hello', name), stream: true }))
      if (event.type === 'response.output_text.delta') text += event.delta;
    return text;
  },
  streamHelper: async () => {
    const stream = client.responses.stream({ model, input: ask('say hello', name) });
    let deltas = '';
    stream.on('response.output_text.delta', (event) => {
      deltas += event.delta;
    });
    const response = await stream.finalResponse();
    return { text: response.output_text, deltas, status: response.status };
  },
  functionCall: () => loop(respond),
  functionCallStreamed: () => loop(streamed),
  parse: async () => (await client.responses.parse({ model, input: ask('json', name), text: { format } })).output_parsed,
  parseStreamed: async () => (await streamed({ input: ask('json', name), text: { format } })).output_parsed,
  reasoning: async () => {
    const response = await streamed({ input: ask('think', name), reasoning: { effort: 'low', summary: 'auto' } });
    const reasoning = response.output.find((item) => item.type === 'reasoning').summary.map((part) => part.text).join('');
    const { usage } = response;
    return { text: response.output_text, reasoning, cached: usage.input_tokens_details.cached_tokens, thought: usage.output_tokens_details.reasoning_tokens };
  },
  background: async () => {
    let response = await respond({ input: ask('say hello', name), background: true });
    while (['queued', 'in_progress'].includes(response.status)) response = await client.responses.retrieve(response.id);
    return { text: response.output_text, status: response.status };
  },
  resumed: async () => {
    const { id } = await respond({ input: ask('say hello', name), background: true });
    const seen = [];
    for await (const event of await client.responses.retrieve(id, { stream: true })) seen.push(event);
    const middle = seen[Math.floor(seen.length / 2)].sequence_number;
    const helper = client.responses.stream({ response_id: id, starting_after: middle });
    const numbers = [];
    helper.on('event', (event) => numbers.push(event.sequence_number));
    const text = (await helper.finalResponse()).output_text;
    const rest = [];
    for await (const event of await client.responses.retrieve(id, { stream: true, starting_after: middle })) rest.push(event.sequence_number);
    return { text, same: JSON.stringify(numbers) === JSON.stringify(rest) && rest.every((number) => number > middle) && rest.length > 0 };
  },
  inputItems: async () => {
    const { id } = await respond({ input: [{ role: 'user', content: 'one' }, { role: 'assistant', content: 'two' }, ...ask('say hello', name)] });
    const roles = [];
    for await (const item of client.responses.inputItems.list(id, { limit: 2, order: 'asc' })) roles.push(item.role);
    return roles;
  },
  cancelled: async () => {
    const { id } = await respond({ input: ask('stall', `${name} in the background`), background: true });
    return (await client.responses.cancel(id)).status;
  },
  deleted: async () => {
    const { id } = await respond({ input: ask('say hello', name) });
    await client.responses.delete(id);
    return failure(client.responses.retrieve(id));
  },
  refused: () => failure(respond({ input: ask('refuse', name), stream: true })),
  unknownModel: () => failure(client.responses.create({ model: 'nothing', input: 'Hello' })),
});
