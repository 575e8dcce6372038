import { useEffect, useState } from "react";
import { strings } from "../i18n/strings";
import { drawDiagram } from "./diagrams";
import { SvgPreview } from "./SvgPreview";
import { type SvgImage, svgImage } from "./svgImage";

/** A Mermaid diagram, drawn in a sandbox and shown as an image. Calls back when the text can't be drawn. */
export default function Diagram({ text, onFailed }: { readonly text: string; readonly onFailed: () => void }) {
  const [image, setImage] = useState<SvgImage>();
  const dark = document.documentElement.classList.contains("dark");
  useEffect(() => {
    let wanted = true;
    void drawDiagram(text, dark).then((svg) => {
      const drawn = svg === undefined ? undefined : svgImage(svg);
      if (wanted && drawn === undefined) {
        onFailed();
      } else if (wanted) {
        setImage(drawn);
      }
    });
    return () => {
      wanted = false;
    };
  }, [text, dark, onFailed]);
  return image === undefined ? (
    <p className="p-3.5 text-muted text-sm">{strings.drawing}</p>
  ) : (
    <SvgPreview image={image} name={strings.diagram} dark={dark} />
  );
}
