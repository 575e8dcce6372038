import { newId } from "../api/ids";
import { ApiError, errorText } from "../api/problem";
import { bytes } from "../components/format";
import { strings } from "../i18n/strings";
import { type Attachment, type ImageAttachment, imageTypes, textAttachment } from "./attachment";
import { dataUrl } from "./dataUrl";

/** The longest side of an image in pixels: providers shrink larger ones themselves. */
const largestSide = 1568;
const largestUnchanged = 500_000;
const largestDocument = 2_500_000;
const largestText = 1_000_000;

/**
 * Reads a file that the user chose. Images are shrunk to what models use.
 * @throws Error with a sentence for the user when the file can't be attached.
 */
export async function readFile(file: File): Promise<Attachment> {
  if (isImage(file)) {
    return (await readImage(file)).attachment;
  }
  if (file.type === "application/pdf") {
    limit(file, largestDocument);
    return {
      kind: "document",
      id: newId(),
      name: file.name,
      size: file.size,
      url: await dataUrl(file, "application/pdf"),
    };
  }
  limit(file, largestText);
  return await readText(file);
}

/** Stores a file on the server, and returns its id. */
export type Upload = (name: string, content: Blob) => Promise<string>;

/**
 * Uploads a file that the user chose. A server that keeps no files receives it with the message.
 * @throws Error with a sentence for the user when the file can't be attached.
 */
export async function uploadFile(file: File, upload: Upload): Promise<Attachment> {
  const base = { id: newId(), name: file.name || "image", size: file.size };
  try {
    if (!isImage(file)) {
      const fileId = await upload(base.name, file);
      const isGuessed = file.size <= largestText && isLegacyText(new Uint8Array(await file.arrayBuffer()));
      return { ...base, kind: "file", fileId, ...(isGuessed ? { isGuessed } : {}) };
    }
    const { attachment, blob } = await readImage(file);
    return { ...attachment, fileId: await upload(attachment.name, blob) };
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    if (error.status === 404) {
      return readFile(file);
    }
    throw new Error(strings.uploadFailed(base.name, errorText(error, error.message)));
  }
}

function isImage(file: File): boolean {
  return file.type.startsWith("image/") && file.type !== "image/svg+xml";
}

function limit(file: File, most: number): void {
  if (file.size > most) {
    throw new Error(strings.fileTooLarge(file.name, bytes(most)));
  }
}

async function readText(file: File): Promise<Attachment> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = decode(bytes, unicodeOf(bytes));
  if (text !== undefined ? text.includes("\0") : !isLegacyText(bytes)) {
    throw new Error(strings.unsupportedFile(file.name));
  }
  if (text !== undefined) {
    return textAttachment(file.name, text);
  }
  const read = new TextDecoder("windows-1252").decode(bytes);
  const western = await import("./western").catch(() => undefined);
  if (western?.isWestern(read) !== true) {
    throw new Error(strings.unknownEncoding(file.name));
  }
  // For the model, as the server says it of the texts that it keeps.
  const noted = `[Read as windows-1252, which is a guess.]\n${read}`;
  return { ...textAttachment(file.name, noted), readAs: { encoding: "Windows-1252", word: western.sampleOf(read) } };
}

/** Whether it can be a text in an encoding of which the bytes do not say which one it is. */
function isLegacyText(bytes: Uint8Array): boolean {
  return decode(bytes, unicodeOf(bytes)) === undefined && !bytes.some(isBinary);
}

/** The encoding that the text's byte order mark names, or else UTF-8. */
function unicodeOf([first, second]: Uint8Array): string {
  return first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether no text in an encoding of single bytes has this one: a control character other than tabs, ends of lines and pages, and Esc. */
function isBinary(byte: number): boolean {
  return byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b;
}

async function readImage(file: File): Promise<{ attachment: ImageAttachment; blob: Blob }> {
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Error(strings.unreadableImage(file.name));
  });
  const scale = Math.min(1, largestSide / Math.max(bitmap.width, bitmap.height));
  const keep = scale === 1 && file.size <= largestUnchanged && imageTypes.includes(file.type);
  const blob = keep ? file : await shrink(bitmap, scale);
  bitmap.close();
  const type = keep ? file.type : "image/jpeg";
  const url = await dataUrl(blob, type);
  return { attachment: { kind: "image", id: newId(), name: file.name || "image", size: blob.size, url }, blob };
}

async function shrink(bitmap: ImageBitmap, scale: number): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#fff"; // JPEG has no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error("The canvas is empty.")) : resolve(blob)),
      "image/jpeg",
      0.85,
    );
  });
}
