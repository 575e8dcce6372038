/** A file that a user added to a message. It is kept with the message. */
export type Attachment = ImageAttachment | DocumentAttachment | TextAttachment;

interface AttachmentBase {
  readonly id: string;
  readonly name: string;
  /** Bytes of the content as it is sent. */
  readonly size: number;
}

export interface ImageAttachment extends AttachmentBase {
  readonly kind: "image";
  /** A `data:image/…` URL. */
  readonly url: string;
}

export interface DocumentAttachment extends AttachmentBase {
  readonly kind: "document";
  /** A `data:application/pdf` URL. */
  readonly url: string;
}

export interface TextAttachment extends AttachmentBase {
  readonly kind: "text";
  readonly text: string;
}

/** The characters that the attachment adds to a request. */
export function weightOf(attachment: Attachment): number {
  return attachment.kind === "text" ? attachment.text.length : attachment.url.length;
}

/** The attachments of an imported file that are what they should be; the file may come from anyone. */
export function readAttachments(value: unknown): readonly Attachment[] {
  return Array.isArray(value) ? value.filter(isAttachment) : [];
}

function isAttachment(value: unknown): value is Attachment {
  const { id, name, size, kind, url, text } = (value ?? {}) as Record<string, unknown>;
  if (typeof id !== "string" || typeof name !== "string" || typeof size !== "number") {
    return false;
  }
  switch (kind) {
    case "image":
      return typeof url === "string" && /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/.test(url);
    case "document":
      return typeof url === "string" && /^data:application\/pdf;base64,[A-Za-z0-9+/=]+$/.test(url);
    default:
      return kind === "text" && typeof text === "string";
  }
}
