/** The browser provides no database, such as in some private windows. */
export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";
}
