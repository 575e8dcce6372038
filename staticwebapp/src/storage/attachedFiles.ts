import type { Attachment } from "../attachments/attachment";

/** What is attached to the message of a chat that is not sent yet. */
export interface AttachedFiles {
  /** "" is the chat that is about to begin. */
  readonly chatId: string;
  readonly attachments: readonly Attachment[];
  /** The tab that shows each of them, by its id. */
  readonly tabs?: Readonly<Record<string, string>>;
}
