import { describe, expect, it } from "vitest";
import { type Chat, inListOrder } from "./chat";
import { groupsOf } from "./groups";

const now = new Date(2026, 2, 30, 9).getTime(); // the clocks of some places went forward on the day before

const chat = (id: string, updatedAt: Date, pinned = false): Chat => ({
  id,
  title: id,
  createdAt: 0,
  updatedAt: updatedAt.getTime(),
  pinned,
  leafId: null,
});

describe("groupsOf", () => {
  it("puts chats under pinned, days, weeks and months", () => {
    const chats = inListOrder([
      chat("this morning", new Date(2026, 2, 30, 0, 1)),
      chat("last night", new Date(2026, 2, 29, 23, 59)),
      chat("a week ago", new Date(2026, 2, 23, 12)),
      chat("this month", new Date(2026, 1, 28, 12)),
      chat("in winter", new Date(2026, 0, 5)),
      chat("in another winter", new Date(2025, 0, 5)),
      chat("pinned", new Date(2020, 0, 1), true),
    ]);

    expect(groupsOf(chats, now).map(({ label, chats: members }) => [label, ...members.map(({ id }) => id)])).toEqual([
      ["Pinned", "pinned"],
      ["Today", "this morning"],
      ["Yesterday", "last night"],
      ["Last 7 days", "a week ago"],
      ["Last 30 days", "this month"],
      ["January 2026", "in winter"],
      ["January 2025", "in another winter"],
    ]);
  });

  it("takes a chat from a clock that goes ahead to be of today", () => {
    expect(groupsOf([chat("ahead", new Date(2026, 2, 31))], now)).toMatchObject([{ label: "Today" }]);
  });
});
