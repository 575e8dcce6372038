import { describe, expect, it } from "vitest";
import { type GoldenName, goldenBytes } from "../../test/golden";
import { TurnEventDecoder } from "../api/decoder";
import { turnEvents } from "../api/events";
import { toMessages } from "./history";
import type { ChatNode } from "./tree";
import { failTurn, newTurn, reduceTurnAll, type TurnState } from "./turn";

const base = { id: "n", chatId: "c", parentId: null, createdAt: 0 };
const asked: ChatNode = { ...base, role: "user", text: "Hello" };
const answered = (turn: TurnState): ChatNode => ({ ...base, role: "assistant", options: { tools: [] }, turn });
const golden = (name: GoldenName, take = Number.POSITIVE_INFINITY) =>
  reduceTurnAll(newTurn, new TurnEventDecoder(turnEvents).push(goldenBytes(name)).slice(0, take));

const roles = (turn: TurnState) => toMessages([asked, answered(turn)], { tools: [] }).map((message) => message.role);

describe("toMessages", () => {
  it("sends the messages that a finished turn added, calls and results included", () => {
    expect(roles(golden("tools-parallel"))).toEqual(["user", "assistant", "tool", "tool", "assistant"]);
  });

  it("puts the system prompt first, unless it is blank", () => {
    expect(toMessages([asked], { tools: [], systemPrompt: "Be brief." })[0]).toEqual({
      role: "system",
      content: "Be brief.",
    });
    expect(toMessages([asked], { tools: [], systemPrompt: "  " })).toHaveLength(1);
  });

  it("keeps the text that the reader saw of an answer that failed", () => {
    expect(toMessages([answered(golden("error"))], { tools: [] })).toEqual([
      { role: "assistant", content: "This answer breaks" },
    ]);
  });

  it("answers the calls that were stopped before they ended", () => {
    const messages = toMessages([answered(golden("cancelled"))], { tools: [] });

    expect(messages.map((message) => message.role)).toEqual(["assistant", "tool"]);
    expect(messages[1]).toMatchObject({ tool_call_id: "call_1", content: expect.stringContaining("stopped") });
  });

  it("puts results in the order of their calls when a turn failed between them", () => {
    const broken = failTurn(golden("tools-parallel", 12), { message: "", code: "INTERNAL", retryable: true });

    const tools = toMessages([answered(broken)], { tools: [] }).filter((message) => message.role === "tool");

    expect(tools.map((message) => message.tool_call_id)).toEqual(["call_1", "call_2"]);
  });

  it("sends nothing for an answer that never came", () => {
    expect(roles(failTurn(newTurn, { message: "", code: "INTERNAL", retryable: true }))).toEqual(["user"]);
  });

  it("leaves out an answer that said nothing and called nothing", () => {
    const turn: TurnState = { ...newTurn, status: "complete", messages: [{ role: "assistant", content: null }] };

    expect(roles(turn)).toEqual(["user"]);
  });
});
