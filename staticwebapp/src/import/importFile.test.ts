import { BlobWriter, TextReader, ZipWriter } from "@zip.js/zip.js";
import { describe, expect, it } from "vitest";
import { newChat, textOf } from "../chat/chat";
import { branchTo, byId, type ChatNode, siblingsOf } from "../chat/tree";
import { strings } from "../i18n/strings";
import { serializeChats } from "../storage/chatFile";
import { readImport } from "./importFile";

const now = Date.UTC(2026, 0, 2);
const started = Date.UTC(2025, 4, 1) / 1_000;

/** A message of the export; `content` is its text, or its content as it is. */
function message(role: string, content: string | object, more: object = {}) {
  return {
    author: { role },
    create_time: started,
    content: typeof content === "string" ? { content_type: "text", parts: [content] } : content,
    recipient: "all",
    weight: 1,
    ...more,
  };
}

/** The nodes of a conversation: id, parent, and message of each. */
function conversation(nodes: readonly (readonly [string, string | null, object | null])[], more: object = {}) {
  return {
    title: "Tides",
    create_time: started,
    update_time: started + 60.5,
    current_node: nodes.at(-1)?.[0],
    mapping: Object.fromEntries(
      nodes.map(([id, parent, content]) => [
        id,
        { id, parent, message: content, children: nodes.filter(([, of]) => of === id).map(([child]) => child) },
      ]),
    ),
    ...more,
  };
}

const simple = conversation([
  ["root", null, null],
  ["system", "root", message("system", "", { weight: 0 })],
  ["q1", "system", message("user", "Why are there tides?")],
  ["a1", "q1", message("assistant", "The **moon**.", { create_time: started + 2.25 })],
]);

const jsonFile = (value: unknown, name = "conversations.json") =>
  new File([typeof value === "string" ? value : JSON.stringify(value)], name);

async function zipFile(entries: Record<string, string>): Promise<File> {
  const writer = new ZipWriter(new BlobWriter(), { useWebWorkers: false });
  for (const [name, text] of Object.entries(entries)) {
    await writer.add(name, new TextReader(text));
  }
  return new File([await writer.close()], "export.zip");
}

async function read(...conversations: readonly object[]) {
  return readUpTo(undefined, ...conversations);
}

async function readUpTo(most: number | undefined, ...conversations: readonly object[]) {
  const { chats } = await readImport(jsonFile(conversations), now, most);
  return chats.map(({ chat, nodes }) => {
    const all = byId(nodes);
    return { chat, nodes, all, shown: branchTo(all, chat.leafId).map((node) => [node.role, textOf(node)]) };
  });
}

describe("The import of a data export of ChatGPT", () => {
  it("has the titles, the times, and the text of both sides", async () => {
    const [only] = await read(simple);

    expect(only?.chat).toMatchObject({
      title: "Tides",
      createdAt: started * 1_000,
      updatedAt: started * 1_000 + 60_500,
    });
    expect(only?.shown).toEqual([
      ["user", "Why are there tides?"],
      ["assistant", "The **moon**."],
    ]);
    const answer = only?.nodes[1] as ChatNode & { role: "assistant" };
    expect(answer.createdAt).toBe(started * 1_000 + 2_250);
    expect(answer.turn).toMatchObject({
      status: "complete",
      messages: [{ role: "assistant", content: "The **moon**." }],
    });
  });

  it("keeps edited messages and regenerated answers as branches, and shows the one that was shown", async () => {
    const [only] = await read(
      conversation(
        [
          ["q1", null, message("user", "Why?")],
          ["a1", "q1", message("assistant", "First")],
          ["a1b", "q1", message("assistant", "Second")],
          ["q2", "a1", message("user", "More")],
          ["q2b", "a1", message("user", "Less")],
        ],
        { current_node: "q2" },
      ),
    );

    expect(only?.shown.map(([, text]) => text)).toEqual(["Why?", "First", "More"]);
    const first = only?.nodes.find((node) => textOf(node) === "First") as ChatNode;
    const more = only?.nodes.find((node) => textOf(node) === "More") as ChatNode;
    expect(
      siblingsOf(only?.all ?? new Map(), first)
        .map(textOf)
        .sort(),
    ).toEqual(["First", "Second"]);
    expect(
      siblingsOf(only?.all ?? new Map(), more)
        .map(textOf)
        .sort(),
    ).toEqual(["Less", "More"]);
  });

  it("joins what the assistant writes around its calls of tools, and leaves out calls, results, and thoughts", async () => {
    const [only] = await read(
      conversation([
        ["q1", null, message("user", "Weather?")],
        ["t", "q1", message("assistant", { content_type: "thoughts", thoughts: [{ content: "Hm" }] })],
        ["a1", "t", message("assistant", "Let me look.")],
        ["call", "a1", message("assistant", { content_type: "code", text: "search()" }, { recipient: "web" })],
        ["result", "call", message("tool", { content_type: "execution_output", text: "rain" })],
        ["a2", "result", message("assistant", "It rains.\ue200cite\ue202turn0search0\ue201 Stay in.【3†source】")],
      ]),
    );

    expect(only?.shown).toEqual([
      ["user", "Weather?"],
      ["assistant", "Let me look.\n\nIt rains. Stay in."],
    ]);
  });

  it("keeps what a user or code has in brackets, and what is no mark of a citation", async () => {
    const text = "See 【3†source】, 【12:30】 and \ue200cite\ue201";
    const [only] = await read(
      conversation([
        ["q1", null, message("user", text)],
        ["a1", "q1", message("assistant", { content_type: "code", text })],
        ["a2", "a1", message("assistant", "【12: Tides】\ue200 rise【4:2†page】 【1【2†x】】")],
      ]),
    );

    expect(only?.shown.map(([, shown]) => shown)).toEqual([
      text,
      `\`\`\`\n${text}\n\`\`\`\n\n【12: Tides】\ue200 rise 【1】`,
    ]);
  });

  it("reads code with very many ticks", async () => {
    const code = message("assistant", { content_type: "code", text: "`x".repeat(1_000_000) });

    const [only] = await read(conversation([["a", null, code]]));

    expect(only?.shown.at(-1)?.[1]).toMatch(/^```\n`x/);
  });

  it("names what it can't import, and keeps transcriptions and code", async () => {
    const image = { content_type: "image_asset_pointer", asset_pointer: "file-service://x" };
    const spoken = { content_type: "audio_transcription", text: "Hello" };
    const [only] = await read(
      conversation([
        [
          "q1",
          null,
          message(
            "user",
            {
              content_type: "multimodal_text",
              parts: [image, spoken, { content_type: "audio_asset_pointer" }, "What is it?"],
            },
            { metadata: { attachments: [{ name: "report.pdf" }] } },
          ),
        ],
        ["a1", "q1", message("assistant", { content_type: "code", language: "python", text: "print('```')" })],
        ["a2", "a1", message("assistant", { content_type: "new_kind" })],
      ]),
    );

    expect(only?.shown.map(([, text]) => text)).toEqual([
      "[Not imported: report.pdf]\n\n[Not imported: image]\n\nHello\n\n[Not imported: recording]\n\nWhat is it?",
      "````python\nprint('```')\n````\n\n[Not imported: new kind]",
    ]);
  });

  it("leaves out hidden messages, and conversations without any other", async () => {
    const hidden = message("user", "About me", { metadata: { is_visually_hidden_from_conversation: true } });
    const chats = await read(simple, conversation([["q1", null, hidden]]));

    expect(chats.map(({ chat }) => chat.title)).toEqual(["Tides"]);
  });

  it("puts a message before an answer that begins the conversation, and names an untitled chat after its first message", async () => {
    const [greeting, untitled] = await read(
      conversation([["a1", null, message("assistant", "Hello")]]),
      conversation([["q1", null, message("user", "Why are there tides?")]], { title: null }),
    );

    expect(greeting?.shown).toEqual([
      ["user", strings.importedWithoutQuestion],
      ["assistant", "Hello"],
    ]);
    expect(untitled?.chat.title).toBe("Why are there tides?");
  });

  it("opens a circle of messages at the first one in the file, and leaves none of them out", async () => {
    const [only] = await read(
      conversation(
        [
          ["reply", "b", message("user", "after the circle")],
          ["a", "c", message("user", "one")],
          ["b", "a", message("assistant", "two")],
          ["c", "b", message("user", "three")],
        ],
        { current_node: "c" },
      ),
    );

    expect(only?.shown.map(([, text]) => text)).toEqual(["one", "two", "three"]);
    expect([...(only?.all.values() ?? [])].map(textOf).sort()).toEqual(["after the circle", "one", "three", "two"]);
  });

  it.each([
    [
      "nodes in a circle",
      conversation([
        ["a", "b", message("user", "x")],
        ["b", "a", message("user", "y")],
      ]),
    ],
    ["a node after itself", conversation([["a", "a", message("user", "x")]])],
    [
      "nodes that are none",
      { mapping: { a: null, b: 3, c: { message: { author: null, content: 5 } }, d: simple.mapping } },
    ],
    [
      "a time that can't be",
      conversation([["a", null, message("user", "x", { create_time: 1e300 })]], { create_time: -1 }),
    ],
    [
      "names of JavaScript",
      conversation([["constructor", "toString", message("user", "x")]], { current_node: "__proto__" }),
    ],
  ])("survives %s", async (_, hostile) => {
    for (const { chat, shown } of await read(simple, hostile)) {
      expect(shown.length).toBeGreaterThan(0);
      expect(chat.createdAt).toBeGreaterThan(0);
      expect(chat.createdAt).toBeLessThanOrEqual(now);
    }
  });

  it("reads a conversation of 50,000 messages that follow each other", async () => {
    const deep = Array.from(
      { length: 50_000 },
      (_, at) => [`m${at}`, at === 0 ? null : `m${at - 1}`, message("assistant", "x")] as const,
    );

    const [only] = await read({ ...simple, mapping: mappingOf(deep), current_node: "m49999" });

    expect(only?.shown[1]?.[1]).toHaveLength(50_000 * 3 - 2);
  });

  it("refuses a file whose branches repeat their text without end", async () => {
    const text = "x".repeat(10_000);
    const comb = Array.from({ length: 3_000 }, (_, at) => {
      const parent = at === 0 ? null : `a${at - 1}`;
      return [
        [`a${at}`, parent, message("assistant", at === 0 ? text : "y")],
        [`q${at}`, `a${at}`, message("user", "z")],
      ] as const;
    }).flat();

    const conversation = { ...simple, mapping: mappingOf([...comb]) };
    await expect(readUpTo(20_000_000, conversation)).rejects.toThrow(strings.importTooLarge);
  });
});

/** As in `conversation`, in time proportional to the nodes. */
function mappingOf(nodes: readonly (readonly [string, string | null, object | null])[]) {
  return Object.fromEntries(nodes.map(([id, parent, content]) => [id, { id, parent, message: content, children: [] }]));
}

describe("The file to import", () => {
  it("may be the .zip file of ChatGPT, with its conversations in one file or several", async () => {
    const file = await zipFile({
      "chat.html": "<html>",
      "export/conversations-000.json": JSON.stringify([simple]),
      "export/conversations-001.json": JSON.stringify([simple, simple]),
      "shared_conversations.json": "[]",
    });

    expect((await readImport(file, now)).chats).toHaveLength(3);
  });

  it("may be one that FuncChat exported", async () => {
    const chat = newChat("c", "Hello", 1);

    const { chats } = await readImport(jsonFile(serializeChats([chat], []), "funcchat.json"), now);

    expect(chats.map((each) => each.chat.title)).toEqual(["Hello"]);
  });

  it.each<[string, () => Promise<File> | File, string]>([
    ["is no JSON", () => jsonFile("hello"), strings.notJson],
    ["has another program's JSON", () => jsonFile([{ title: "x" }]), strings.notExported],
    ["has no messages", () => jsonFile([conversation([["root", null, null]])]), strings.importEmpty],
    ["is a damaged archive", () => new File(["PK\u0003\u0004 and no more"], "x.zip"), strings.zipDamaged],
    ["is another archive", () => zipFile({ "notes.json": "[]" }), strings.zipWithoutConversations],
    ["is an archive with damaged JSON", () => zipFile({ "conversations.json": "[" }), strings.notJson],
    ["is too large", () => jsonFile([simple, "x".repeat(20_000)]), strings.importTooLarge],
    [
      "is a small archive with a huge text",
      () => zipFile({ "conversations.json": JSON.stringify([simple, "x".repeat(1_000_000)]) }),
      strings.importTooLarge,
    ],
    [
      "is an archive whose files are too large together",
      () => {
        const text = JSON.stringify([conversation([["q", null, message("user", "長".repeat(1_900))]])]);
        return zipFile({ "conversations-000.json": text, "conversations-001.json": text });
      },
      strings.importTooLarge,
    ],
    [
      "is an archive whose files together repeat too much text",
      () => {
        const branches = [1, 2, 3, 4, 5, 6].map((at) => [`b${at}`, "a", message("assistant", "y")] as const);
        const text = JSON.stringify([conversation([["a", null, message("assistant", "x".repeat(900))], ...branches])]);
        return zipFile({ "conversations-000.json": text, "conversations-001.json": text });
      },
      strings.importTooLarge,
    ],
  ])("is refused with a sentence when it %s", async (_, file, sentence) => {
    await expect(readImport(await file(), now, 10_000)).rejects.toThrow(sentence);
  });
});
