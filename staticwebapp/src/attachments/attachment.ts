import { newId } from "../api/ids";
import { asArray, asRecord } from "../records";
/** A file that a user added to a message. It is kept with the message. */
export type Attachment = ImageAttachment | DocumentAttachment | TextAttachment | StoredAttachment;

interface AttachmentBase {
  readonly id: string;
  readonly name: string;
  /** Bytes of the content as it is sent. */
  readonly size: number;
}

/** A file that is being read or uploaded. */
export interface PendingAttachment extends AttachmentBase {
  readonly kind: "pending";
  readonly cancel: () => void;
}

export interface ImageAttachment extends AttachmentBase {
  readonly kind: "image";
  /** A `data:image/…` URL. */
  readonly url: string;
  /** The id of the server's copy, if it has one. */
  readonly fileId?: string;
}

export interface DocumentAttachment extends AttachmentBase {
  readonly kind: "document";
  /** A `data:application/pdf` URL. */
  readonly url: string;
}

export interface TextAttachment extends AttachmentBase {
  readonly kind: "text";
  readonly text: string;
  /** The encoding in which it was read, where that is a guess, and a word that shows whether it is right. */
  readonly readAs?: { readonly encoding: string; readonly word: string };
}

export function textAttachment(name: string, text: string): TextAttachment {
  return { kind: "text", id: newId(), name, size: new Blob([text]).size, text };
}

/** A file that the server keeps. */
export interface StoredAttachment extends AttachmentBase {
  readonly kind: "file";
  readonly fileId: string;
  /** True for a text that is not in Unicode: the server guesses its encoding. */
  readonly isGuessed?: boolean;
}

/** The images that models accept, and that the page shows. SVG is not among them: it is a document. */
export const imageTypes: readonly string[] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

const imageData = new RegExp(`^data:(?:${imageTypes.join("|")});base64,[A-Za-z0-9+/=]+$`);

/** Whether an address holds such an image itself. */
export function isImageData(address: string): boolean {
  return imageData.test(address);
}

/** The characters of a reference to a file of the server. */
const referenceWeight = 100;

/** The characters that the attachment adds to a request. */
export function weightOf(attachment: Attachment): number {
  switch (attachment.kind) {
    case "text":
      return attachment.text.length;
    case "document":
      return attachment.url.length;
    case "image":
      return attachment.fileId === undefined ? attachment.url.length : referenceWeight;
    case "file":
      return referenceWeight;
  }
}

/** The attachments of an imported file that are what they should be; the file may come from anyone. */
export function readAttachments(value: unknown): readonly Attachment[] {
  return asArray(value).filter(isAttachment).map(withoutCopy);
}

/** An image of a file is sent as data: the server's copy may be another user's, or deleted. */
function withoutCopy(attachment: Attachment): Attachment {
  if (attachment.kind !== "image") {
    return attachment;
  }
  const { fileId: _, ...image } = attachment;
  return image;
}

function isAttachment(value: unknown): value is Attachment {
  const { id, name, size, kind, url, text, fileId, readAs } = asRecord(value);
  if (typeof id !== "string" || typeof name !== "string" || typeof size !== "number") {
    return false;
  }
  switch (kind) {
    case "image":
      return typeof url === "string" && isImageData(url);
    case "document":
      return typeof url === "string" && /^data:application\/pdf;base64,[A-Za-z0-9+/=]+$/.test(url);
    case "file":
      return typeof fileId === "string" && /^file_[0-9a-f]{32}$/.test(fileId);
    default:
      return kind === "text" && typeof text === "string" && (readAs === undefined || isReading(asRecord(readAs)));
  }
}

function isReading({ encoding, word }: Record<string, unknown>): boolean {
  return typeof encoding === "string" && typeof word === "string";
}
