import { useEffect, useReducer } from "react";
import { usePrinting } from "../hooks/usePrinting";
import { strings } from "../i18n/strings";
import { drawDiagram, drawnDiagram } from "./diagrams";
import { SvgPreview } from "./SvgPreview";

/**
 * A Mermaid diagram, drawn in a sandbox and shown as an image. Calls back when the text can't be drawn. In the dark
 * theme it is drawn in light colors too, since nothing can be drawn once the browser prints.
 */
export default function Diagram({ text, onFailed }: { readonly text: string; readonly onFailed: () => void }) {
  const [, onDrawn] = useReducer((count: number) => count + 1, 0);
  const printing = usePrinting();
  const dark = document.documentElement.classList.contains("dark");
  useEffect(() => {
    let wanted = true;
    const draw = async () => {
      const image = await drawDiagram(text, dark);
      if (!wanted) {
        return;
      }
      if (image === undefined) {
        onFailed();
        return;
      }
      onDrawn();
      if (dark) {
        await drawDiagram(text, false);
      }
    };
    void draw();
    return () => {
      wanted = false;
    };
  }, [text, dark, onFailed]);
  const shownDark = dark && !printing;
  const image = drawnDiagram(text, shownDark);
  if (image !== undefined) {
    return <SvgPreview image={image} name={strings.diagram} dark={shownDark} />;
  }
  return printing ? (
    <pre className="p-3.5 font-mono text-[0.8125rem]">{text}</pre>
  ) : (
    <p className="p-3.5 text-muted text-sm">{strings.drawing}</p>
  );
}
