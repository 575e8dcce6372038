import { ImageIcon } from "lucide-react";
import { useState } from "react";
import { hostOf, safeUrl } from "./links";

/**
 * An image that is fetched only when it is asked for: its address is written by a model, which may have been talked
 * into carrying the conversation out in it.
 */
export function RemoteImage({ src, alt }: { readonly src: string | undefined; readonly alt: string | undefined }) {
  const [shown, setShown] = useState(false);
  const url = safeUrl(src);
  if (url?.startsWith("https:") !== true) {
    return <span>{alt}</span>;
  }
  if (shown) {
    return <img src={url} alt={alt ?? ""} referrerPolicy="no-referrer" className="max-h-96 rounded-lg" />;
  }
  return (
    <button type="button" className="button text-sm" onClick={() => setShown(true)} title={url}>
      <ImageIcon size={16} aria-hidden />
      <span>
        Load image {alt ? `“${alt}” ` : ""}from {hostOf(url)}
      </span>
    </button>
  );
}
