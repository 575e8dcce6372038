import { Agent, OpenAIChatCompletionsModel, run, setTracingDisabled, tool } from '@openai/agents';
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

await report({
  run: async () => (await run(agent, 'weather (agents)')).finalOutput,
  streamed: async () => {
    const result = await run(agent, 'weather (agents)', { stream: true });
    await result.completed;
    return result.finalOutput;
  },
});
