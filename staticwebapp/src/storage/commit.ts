/** Commits at once, not when the page has heard that each request succeeded: a page that is closed meanwhile has saved them. */
export async function commit(
  transaction: { commit(): void; readonly done: Promise<void> },
  requests: readonly Promise<unknown>[],
): Promise<void> {
  transaction.commit();
  await Promise.all([...requests, transaction.done]);
}
