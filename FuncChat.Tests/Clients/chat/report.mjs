// What every client's script shares: the server's address, and its results as one line of JSON.
export const api = process.argv[2];
export const model = 'openai:scripted';

/** Runs each check, and prints what it returns or the error that it throws. */
export async function report(checks) {
  const results = {};
  await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        results[name] = (await check()) ?? null;
      } catch (error) {
        results[name] = { error: error.name, message: String(error.message).slice(0, 500) };
      }
    }),
  );
  process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0));
}
