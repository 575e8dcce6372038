// What every client's script shares: the server's address, and its results as one line of JSON.
export const baseURL = process.argv[2];
export const model = 'openai:scripted';
export const apiKey = 'not-needed';

/** A question that the scripted provider recognizes, marked with the client, so that no client counts the calls of another. */
export const ask = (text, client) => [{ role: 'user', content: `${text} (${client})` }];

export const weatherParameters = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

/** Runs each check, and prints what it returns or the error that it throws. */
export async function report(checks) {
  const results = {};
  await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        results[name] = (await check()) ?? null;
      } catch (error) {
        results[name] = { error: error.name, status: error.status, message: String(error.message).slice(0, 500) };
      }
    }),
  );
  process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
}
