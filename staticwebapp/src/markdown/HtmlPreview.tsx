import { useMemo } from "react";
import { strings } from "../i18n/strings";
import { staticHtml } from "./staticHtml";

/**
 * What HTML that a model wrote looks like, in a sandboxed frame. No script runs in it: scripts reach servers by ways that no Content-Security-Policy
 * closes, such as WebRTC.
 */
export function HtmlPreview({ html }: { readonly html: string }) {
  const page = useMemo(() => staticHtml(html), [html]);
  return (
    <>
      <iframe
        className="block h-96 min-h-32 w-full resize-y bg-white"
        style={{ colorScheme: "light" }}
        title={strings.htmlPreview}
        sandbox=""
        referrerPolicy="no-referrer"
        srcDoc={page}
      />
      <p className="border-line border-t px-3.5 py-2 text-muted text-xs">{strings.htmlPreviewNote}</p>
    </>
  );
}
