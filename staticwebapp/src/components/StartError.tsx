import { strings } from "../i18n/strings";
import { StorageUnavailable } from "../storage/storageUnavailable";
import { LoadError } from "./LoadError";

/** Shown instead of the page when it could not start. A browser without storage is not fixed by a reload. */
export function StartError({ error }: { readonly error: unknown }) {
  return error instanceof StorageUnavailable ? (
    <p role="alert" className="grid h-full place-items-center p-6 text-center text-muted">
      {strings.storageUnavailable}
    </p>
  ) : (
    <LoadError />
  );
}
