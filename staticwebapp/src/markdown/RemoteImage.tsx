import { ImageIcon } from "lucide-react";
import { useState } from "react";
import { strings } from "../i18n/strings";
import { hostOf, inlineImage, safeUrl } from "./links";

/**
 * An image that is fetched only on request: its address is written by a model, which could be tricked into sending the
 * conversation out in it. An image that is part of the text itself is shown at once.
 */
export function RemoteImage({ src, alt }: { readonly src: string | undefined; readonly alt: string | undefined }) {
  const [shown, setShown] = useState(false);
  const inline = inlineImage(src);
  const url = inline ?? safeUrl(src);
  if (url === undefined || (inline === undefined && !url.startsWith("https:"))) {
    return <span>{alt}</span>;
  }
  if (shown || inline !== undefined) {
    return <img src={url} alt={alt ?? ""} referrerPolicy="no-referrer" className="max-h-96 rounded-lg" />;
  }
  return (
    <button type="button" className="button text-sm" onClick={() => setShown(true)} title={url}>
      <ImageIcon size="1rem" aria-hidden />
      <span>{strings.loadImage(alt ?? "", hostOf(url))}</span>
    </button>
  );
}
