// A chat relay as the documentation of the AI SDK has it: streamText, its answer piped as a UI message stream.
import { createServer } from 'node:http';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { jsonSchema, stepCountIs, streamText, tool } from 'ai';

// It warns about the system message of a long conversation, once for each request.
globalThis.AI_SDK_LOG_WARNINGS = false;

const [port, upstream] = process.argv.slice(2);
const provider = createOpenAICompatible({ name: 'bench', baseURL: `${upstream}/v1`, apiKey: 'none', includeUsage: true });

const search = tool({
  description: 'Searches the web.',
  inputSchema: jsonSchema({ type: 'object', properties: { query: { type: 'string' } }, required: ['query'] }),
  execute: async ({ query }) => {
    const answer = await fetch(`${upstream}/search?q=${encodeURIComponent(query)}&format=json&pageno=1`);
    return (await answer.json()).results;
  },
});

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = JSON.parse(Buffer.concat(parts));
  const result = streamText({
    model: provider(body.model),
    messages: body.messages,
    tools: body.tools ? { search_web: search } : undefined,
    stopWhen: stepCountIs(5),
  });
  result.pipeUIMessageStreamToResponse(response);
}).listen(Number(port), '127.0.0.1', 4096);
