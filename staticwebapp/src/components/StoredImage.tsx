import { useEffect, useState } from "react";
import { whenFree } from "../api/whenFree";
import { imageTypes } from "../attachments/attachment";
import { dataUrl } from "../attachments/dataUrl";
import { strings } from "../i18n/strings";
import { useServices } from "../services";

export function isImageName(name: string): boolean {
  return /\.(?:png|jpe?g|gif|webp)$/i.test(name);
}

interface StoredImageProps {
  readonly fileId: string;
  readonly alt: string;
  readonly className: string;
}

/** An image among the user's files on the server. It is fetched with the user's token, which an address can't carry. */
export function StoredImage({ fileId, alt, className }: StoredImageProps) {
  const { api } = useServices();
  const [url, setUrl] = useState<string>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const load = async () => {
      const content = await whenFree(() => api.fileContent(fileId, stop.signal), stop.signal);
      const type = content.type.split(";", 1)[0] ?? "";
      if (!imageTypes.includes(type)) {
        throw new Error("The file is not an image.");
      }
      setUrl(await dataUrl(content, type));
    };
    load().catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [api, fileId]);

  if (failed) {
    return <span className="px-3 py-2 text-muted text-sm">{strings.imageUnavailable(alt)}</span>;
  }
  return url === undefined ? (
    <span className="px-3 py-2 text-muted text-sm">{strings.loadingImage(alt)}</span>
  ) : (
    <img src={url} alt={alt} title={alt} className={className} />
  );
}
