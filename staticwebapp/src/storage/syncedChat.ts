/** What the server had of a chat when both were last compared: the base for merging changes of both sides. */
export interface SyncedChat {
  readonly chatId: string;
  /** The thread's ETag; absent until the chat was compared as a whole. */
  readonly etag?: string;
  /** The turns that the server had. */
  readonly turnIds: readonly string[];
  /** Turns that the server refused, which are not sent again. */
  readonly refused: readonly string[];
  readonly title: string;
  /** Absent if the thread was in no folder. */
  readonly folder?: string;
  /** The thread's metadata, as JSON. */
  readonly metadata: string;
}
