import { BlobReader, type FileEntry, ZipReader } from "@zip.js/zip.js/lib/zip-core-custom.js";
import { strings } from "../i18n/strings";

/** Large exports split their conversations: conversations-000.json, conversations-001.json, … */
const name = /(?:^|\/)conversations(?:-\d+)?\.json$/;

/**
 * The files of conversations in a data export of ChatGPT. Only they are read: the images of such a file can have gigabytes.
 * @throws Error with a sentence for the user when the file is damaged or contains none, or more than that many bytes of them.
 */
export async function zippedConversations(file: Blob, mostBytes: number): Promise<readonly string[]> {
  const reader = new ZipReader(new BlobReader(file), { useWebWorkers: false });
  const texts: string[] = [];
  try {
    let remaining = mostBytes;
    for await (const entry of reader.getEntriesGenerator()) {
      if (!entry.directory && name.test(entry.filename)) {
        const { text, bytes } = await textOf(entry, remaining);
        remaining -= bytes;
        texts.push(text);
      }
    }
  } catch (error) {
    throw error instanceof TooLarge ? error : new Error(strings.zipDamaged, { cause: error });
  } finally {
    await reader.close();
  }
  if (texts.length === 0) {
    throw new Error(strings.zipWithoutConversations);
  }
  return texts;
}

class TooLarge extends Error {}

/** What the archive says about the size may be wrong: a small one can contain a huge file. */
async function textOf(entry: FileEntry, most: number): Promise<{ text: string; bytes: number }> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let bytes = 0;
  await entry.getData(
    new WritableStream<Uint8Array>({
      write(chunk) {
        bytes += chunk.byteLength;
        if (bytes > most) {
          throw new TooLarge(strings.importTooLarge);
        }
        pieces.push(decoder.decode(chunk, { stream: true }));
      },
    }),
  );
  return { text: pieces.join("") + decoder.decode(), bytes };
}
