import { describe, expect, it } from "vitest";
import type { Attachment } from "../attachments/attachment";
import { messageOf } from "../chat/history";
import { assistantNode, userNode } from "../chat/tree";
import { newTurn } from "../chat/turn";
import { strings } from "../i18n/strings";
import { nodesOf } from "./threadNodes";

const fileId = `file_${"a".repeat(32)}`;

describe("messages with files", () => {
  it.each<Attachment>([
    { id: "1", kind: "image", name: "photo.png", size: 3, url: "data:image/png;base64,AAAA", fileId },
    { id: "1", kind: "file", name: "report.docx", size: 3, fileId },
  ])("are the same message on each device: $kind", (attachment) => {
    const question = userNode({ id: "q", chatId: "c", parentId: null, createdAt: 0 }, "What is this?", [attachment]);
    const message = messageOf(question);
    const turn = { turn_id: "a", created_at: "2026-01-01T00:00:00Z", status: "running", messages: [message] };

    const elsewhere = nodesOf("c", turn as never, new Map());
    const here = nodesOf("c", turn as never, new Map([[question.id, question]]));

    expect(elsewhere[0]?.role === "user" && messageOf(elsewhere[0])).toEqual(message);
    expect(here.map(({ role }) => role)).toEqual(["assistant"]);
    expect(JSON.stringify(message)).not.toContain("base64");
  });
});

it.each([
  ["notes.txt", '"notes.txt"'],
  [String.raw`C:\x.txt`, String.raw`"C:\x.txt"`],
  ["a\nb", '"a\nb"'],
  ['a "b"', JSON.stringify('a "b"')],
])("An attached text has the name %j, also if another client has not written it as JSON", (name, quoted) => {
  const text = `<attachment name=${quoted}>\nBody\n</attachment>`;
  const messages = [{ role: "user", content: [{ type: "text", text }] }];
  const turn = { turn_id: "a", created_at: "2026-01-01T00:00:00Z", status: "running", messages };

  const [question] = nodesOf("c", turn as never, new Map());

  expect(question).toMatchObject({ text: "", attachments: [{ kind: "text", name, text: "Body" }] });
});

it("A recording that another client has sent is named as content that the page can't show", () => {
  const audio = { type: "input_audio", input_audio: { data: "AAAA", format: "wav" } };
  const messages = [{ role: "user", content: [{ type: "text", text: "What is this? " }, audio] }];
  const turn = { turn_id: "a", created_at: "2026-01-01T00:00:00Z", status: "running", messages };

  const [question] = nodesOf("c", turn as never, new Map());

  expect(question).toMatchObject({ text: `What is this? ${strings.unknownPart}` });
});

describe("a damaged turn", () => {
  it("keeps what this browser has of the answer, and ends", () => {
    const answer = assistantNode({ id: "a", chatId: "c", parentId: null, createdAt: 0 }, { tools: [] });
    const interrupted = {
      ...answer,
      turn: {
        ...newTurn,
        status: "running" as const,
        lastEventId: 3,
        messages: [{ role: "assistant" as const, content: "Half an" }],
      },
    };
    const turn = { turn_id: "a", created_at: "2026-01-01T00:00:00Z", status: "failed", damaged: true, messages: [] };

    const [kept] = nodesOf("c", turn as never, new Map([["a", interrupted]]));

    expect(kept).toEqual({ ...interrupted, turn: { ...interrupted.turn, status: "stopped" } });
  });
});
