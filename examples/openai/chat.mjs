// npm install, then: node chat.mjs "a question"
import OpenAI from 'openai';

const server = process.env.FUNCCHAT_URL ?? 'http://127.0.0.1:7071';
const openai = new OpenAI({ baseURL: `${server}/api/v1`, apiKey: process.env.FUNCCHAT_API_KEY ?? 'not-needed' });

const { data: models } = await openai.models.list();
const stream = await openai.chat.completions.create({
  model: process.env.FUNCCHAT_MODEL ?? models[0].id,
  messages: [{ role: 'user', content: process.argv[2] ?? 'What is 17 * 23?' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
process.stdout.write('\n');
