import { strings } from "../i18n/strings";
import { type ChatFile, parseChats } from "../storage/chatFile";
import { fromMarkdown } from "../storage/chatMarkdown";
import { chatsOfExport, isChatGptExport } from "./chatGptExport";

/** Browsers can't keep much longer texts. */
const mostBytes = 300_000_000;

/**
 * The chats of a file that FuncChat or ChatGPT exported. The file may come from anyone.
 * @throws Error with a sentence for the user.
 */
export async function readImport(file: File, now: number, most = mostBytes): Promise<ChatFile> {
  if (await isZip(file)) {
    const { zippedConversations } = await import("./zippedConversations");
    const files = (await zippedConversations(file, most)).map(parseJson);
    return { chats: someOf(chatsOfExport(files, now, most)), saved: nothing };
  }
  if (file.size > most) {
    throw new Error(strings.importTooLarge);
  }
  const text = await file.text();
  if (file.name.endsWith(".md")) {
    return { chats: [fromMarkdown(text, now)], saved: nothing };
  }
  const json = parseJson(text);
  return isChatGptExport(json) ? { chats: someOf(chatsOfExport([json], now, most)), saved: nothing } : parseChats(json);
}

const nothing: ChatFile["saved"] = { assistants: [], prompts: [] };

async function isZip(file: Blob): Promise<boolean> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return first === 0x50 && second === 0x4b; // PK
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(strings.notJson);
  }
}

function someOf(chats: ChatFile["chats"]): ChatFile["chats"] {
  if (chats.length === 0) {
    throw new Error(strings.importEmpty);
  }
  return chats;
}
