// What every client's script shares: the server's address, and its results as one line of JSON.
export const api = process.argv[2];
export const model = 'openai:scripted';

// The test shows what the script prints to its standard output.
process.on('uncaughtException', (error) => process.stdout.write(`${error.stack}\n`, () => process.exit(1)));

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
