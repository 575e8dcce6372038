import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';
import { apiKey, ask, baseURL, model, report } from './report.mjs';

const provider = createOpenAICompatible({ name: 'funcchat', baseURL, apiKey, includeUsage: true, supportsStructuredOutputs: true });
const openai = createOpenAI({ baseURL, apiKey });
const options = { openai: { include: ['reasoning.encrypted_content'], metadata: { app: 'test' }, truncation: 'auto', logprobs: 2, textVerbosity: 'low' } };
const tools = (calls) => ({
  get_weather: tool({
    description: 'The weather of a city',
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => {
      calls.push(city);
      return `sunny in ${city}`;
    },
  }),
});

await report({
  toolLoop: async () => {
    const calls = [];
    const { text, steps } = await generateText({ model: provider(model), messages: ask('weather', 'ai'), tools: tools(calls), stopWhen: stepCountIs(3) });
    return { text, steps: steps.length, calls };
  },
  streamedToolLoop: async () => {
    const calls = [];
    const result = streamText({ model: provider(model), messages: ask('weather', 'ai'), tools: tools(calls), stopWhen: stepCountIs(3) });
    return { text: await result.text, calls };
  },
  object: async () =>
    (await generateObject({ model: provider(model), messages: ask('json', 'ai'), schema: z.object({ city: z.string(), degrees: z.number() }) })).object,
  reasoning: async () => {
    const result = streamText({ model: provider(model), messages: ask('think', 'ai') });
    const [text, reasoning, usage] = await Promise.all([result.text, result.reasoningText, result.usage]);
    return { text, reasoning, cached: usage.cachedInputTokens, thought: usage.reasoningTokens };
  },
  responsesToolLoop: async () => {
    const calls = [];
    const { text, steps } = await generateText({
      model: openai(model),
      messages: ask('weather', 'ai'),
      tools: tools(calls),
      stopWhen: stepCountIs(3),
      providerOptions: options,
    });
    return { text, steps: steps.length, calls };
  },
  responsesStreamedToolLoop: async () => {
    const calls = [];
    const result = streamText({ model: openai(model), messages: ask('weather', 'ai'), tools: tools(calls), stopWhen: stepCountIs(3), providerOptions: options });
    return { text: await result.text, calls };
  },
  responsesObject: async () =>
    (await generateObject({ model: openai(model), messages: ask('json', 'ai'), schema: z.object({ city: z.string(), degrees: z.number() }) })).object,
});
