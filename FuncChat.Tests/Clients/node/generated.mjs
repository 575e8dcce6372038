// A client that orval generates from the server's OpenAPI document.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';
import { generate } from 'orval';
import { ask, baseURL, model, report } from './report.mjs';

const origin = new URL(baseURL).origin;
const folder = await mkdtemp(join(tmpdir(), 'funcchat-orval-'));
let api;
try {
  const description = join(folder, 'openapi.json');
  await writeFile(description, await (await fetch(`${origin}/api/openapi.json`)).text());
  const log = console.log;
  console.log = () => {}; // orval reports its progress there
  await generate({ input: { target: description }, output: { target: join(folder, 'api.ts'), client: 'fetch', baseUrl: origin, mode: 'single' } }, folder);
  console.log = log;
  const { code } = await transform(await readFile(join(folder, 'api.ts'), 'utf8'), { loader: 'ts', format: 'esm' });
  const script = join(folder, 'api.mjs');
  await writeFile(script, code);
  api = await import(pathToFileURL(script));
} finally {
  await rm(folder, { recursive: true, force: true });
}

await report({
  models: async () => (await api.listOpenAiModels()).data.data.map((each) => each.id),
  completion: async () => (await api.createChatCompletion({ model, messages: ask('say hello', 'orval') })).data.choices[0].message.content,
  refused: async () => {
    const { status, data } = await api.createChatCompletion({ model, messages: [] });
    return { status, type: data.error.type };
  },
});
