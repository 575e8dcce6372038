import { expect, it } from "vitest";
import { openBrowser } from "../../test/conversationFixture";
import { TurnHistory } from "./turnHistory";

const ended = (id: string, endedAt: number, kind = "search") => ({ id, kind, endedAt, request: {}, view: {} });

it("keeps the newest turns of each kind", async () => {
  const history = new TurnHistory(await openBrowser());
  await history.add(ended("plan", 0, "plan"));
  for (let index = 0; index < 52; index++) {
    await history.add(ended(`search-${index}`, index));
  }

  const searches = await history.list("search");
  expect(searches).toHaveLength(50);
  expect(searches[0]?.id).toBe("search-51");
  expect(await history.list("plan")).toHaveLength(1);

  await history.clear("search");
  expect(await history.list("search")).toEqual([]);
  expect(await history.list("plan")).toHaveLength(1);
});
