import { Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, run, setTracingDisabled, tool } from '@openai/agents';
import OpenAI from 'openai';
import { z } from 'zod';
import { apiKey, baseURL, model, report } from './report.mjs';

setTracingDisabled(true);
const client = new OpenAI({ baseURL, apiKey });
const weather = tool({
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: z.object({ city: z.string() }),
  execute: async ({ city }) => `sunny in ${city}`,
});
const agent = new Agent({ name: 'Weather', instructions: 'Be brief.', model: new OpenAIChatCompletionsModel(client, model), tools: [weather] });
const responses = agent.clone({ model: new OpenAIResponsesModel(client, model), modelSettings: { truncation: 'auto', parallelToolCalls: true, store: true } });

await report({
  run: async () => (await run(agent, 'weather (agents)')).finalOutput,
  streamed: async () => {
    const result = await run(agent, 'weather (agents)', { stream: true });
    await result.completed;
    return result.finalOutput;
  },
  responses: async () => (await run(responses, 'weather (agents)')).finalOutput,
  responsesStreamed: async () => {
    const result = await run(responses, 'weather (agents)', { stream: true });
    await result.completed;
    return result.finalOutput;
  },
  responsesStructured: async () =>
    (await run(responses.clone({ tools: [], outputType: z.object({ city: z.string(), degrees: z.number() }) }), 'json (agents)')).finalOutput,
});
