import { Check, ChevronDown, Code, Copy, Download, Eye, ImageIcon, WrapText } from "lucide-react";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { save } from "../components/download";
import { IconButton } from "../components/IconButton";
import { Lazy } from "../components/Lazy";
import { onDemand } from "../components/onDemand";
import { useCopied } from "../hooks/useCopied";
import { useModule } from "../hooks/useModule";
import { usePrinting } from "../hooks/usePrinting";
import { strings } from "../i18n/strings";
import { codeFileName } from "./codeFile";
import { HtmlPreview } from "./HtmlPreview";
import { SvgPreview } from "./SvgPreview";
import { svgImage } from "./svgImage";
import { keepCode } from "./wholeCode";

const Diagram = onDemand(() => import("./Diagram"));

interface CodeBlockProps {
  readonly code: string;
  readonly language?: string | undefined;
  /** Colors and drawings wait for the end: code that is still being written would be processed again with every frame. */
  readonly streaming?: boolean;
  /** Whether long lines are wrapped at first: nothing is out of sight then. */
  readonly wraps?: boolean;
}

/** Longer code is shown plain: coloring it would block the page. */
const longestHighlighted = 30_000;

/** Code with more lines than this is folded to the first few. */
const longestUnfolded = 60;
const foldedLines = 24;

export function CodeBlock({ code, language, streaming = false, wraps = false }: CodeBlockProps) {
  const { copied, copy } = useCopied();
  const lines = streaming ? 0 : code.split("\n").length;
  // What was read while it came stays open.
  const [closed, setClosed] = useState(lines > longestUnfolded);
  const printing = usePrinting();
  const folded = closed && !printing;
  const [wrapped, setWrapped] = useState(wraps);
  const shown = folded ? code.split("\n", foldedLines).join("\n") : code;
  const coloured = useHighlighted(shown, streaming ? undefined : language);
  const [asCode, setAsCode] = useState(false);
  const [failed, setFailed] = useState(false);
  const onFailed = useCallback(() => setFailed(true), []);
  const drawing = streaming || failed ? undefined : drawingOf(code, language);
  const isHtml = !streaming && drawing === undefined && language?.toLowerCase() === "html";
  const [previewed, setPreviewed] = useState(false);
  return (
    <figure
      ref={(block) => keepCode(block, code)}
      className="overflow-clip rounded-xl border border-line bg-surface"
      dir="ltr"
    >
      <figcaption className="sticky top-0 z-[1] flex items-center gap-1 border-line border-b bg-raised py-0.5 ps-3.5 pe-1 text-muted text-xs">
        <span className="flex-1 truncate">{language ?? strings.plainText}</span>
        {drawing !== undefined && (
          <HeaderButton
            label={asCode ? strings.showImage : strings.showCode}
            onClick={() => setAsCode(!asCode)}
            Icon={asCode ? ImageIcon : Code}
          />
        )}
        {isHtml && (
          <HeaderButton
            label={previewed ? strings.showCode : strings.showPreview}
            onClick={() => setPreviewed(!previewed)}
            Icon={previewed ? Code : Eye}
          />
        )}
        <HeaderButton
          label={strings.wrapLines}
          pressed={wrapped}
          onClick={() => setWrapped(!wrapped)}
          Icon={WrapText}
        />
        {!streaming && (
          <HeaderButton
            label={strings.saveCode}
            onClick={() => save(codeFileName(language), "text/plain", code)}
            Icon={Download}
          />
        )}
        <button
          type="button"
          className="icon-button h-8 grid-flow-col gap-1.5 px-2"
          onClick={() => copy(code)}
          aria-label={strings.copyCode}
        >
          {copied ? <Check size="0.875rem" aria-hidden /> : <Copy size="0.875rem" aria-hidden />}
          <span aria-live="polite">{copied ? strings.copied : strings.copy}</span>
        </button>
      </figcaption>
      {drawing !== undefined && !asCode ? (
        drawing === "diagram" ? (
          <Lazy fallback={<p className="p-3.5 text-muted text-sm">{strings.drawing}</p>} error={<Plain text={code} />}>
            <Diagram text={code} onFailed={onFailed} />
          </Lazy>
        ) : (
          <SvgPreview image={drawing} name={strings.diagram} dark={false} />
        )
      ) : isHtml && previewed && !printing ? (
        <HtmlPreview html={code} />
      ) : (
        <pre
          className={`p-3.5 font-mono text-[0.8125rem] leading-relaxed ${wrapped ? "whitespace-pre-wrap [overflow-wrap:anywhere]" : "overflow-x-auto"}`}
          tabIndex={0}
        >
          <code>{coloured ?? shown}</code>
        </pre>
      )}
      {failed && !streaming && (
        <p className="border-line border-t px-3.5 py-2 text-muted text-xs">{strings.notDrawn}</p>
      )}
      {folded && !previewed && (
        <button
          type="button"
          className="flex w-full items-center justify-center gap-1.5 border-line border-t bg-raised py-2 text-muted text-xs hover:text-ink"
          onClick={() => setClosed(false)}
        >
          <ChevronDown size="0.875rem" aria-hidden /> {strings.showAllLines(lines)}
        </button>
      )}
    </figure>
  );
}

interface HeaderButtonProps {
  readonly label: string;
  readonly pressed?: boolean;
  readonly Icon: typeof Code;
  readonly onClick: () => void;
}

function HeaderButton({ label, pressed, Icon, onClick }: HeaderButtonProps) {
  return (
    <IconButton className="h-8 min-w-8 aria-pressed:text-accent" label={label} aria-pressed={pressed} onClick={onClick}>
      <Icon size="0.875rem" aria-hidden />
    </IconButton>
  );
}

function Plain({ text }: { readonly text: string }) {
  return <pre className="overflow-x-auto p-3.5 font-mono text-[0.8125rem]">{text}</pre>;
}

function drawingOf(code: string, language: string | undefined) {
  switch (language?.toLowerCase()) {
    case "mermaid":
      return "diagram";
    case "svg":
    case "xml":
    case "html":
      return svgImage(code);
    default:
      return undefined;
  }
}

const loadHighlighter = () => import("./highlighter");

function useHighlighted(code: string, language: string | undefined): ReactNode {
  const highlighter = useModule(loadHighlighter, language !== undefined && code.length <= longestHighlighted);
  return useMemo(
    () => (language === undefined ? undefined : highlighter?.highlight(code, language.toLowerCase())),
    [highlighter, code, language],
  );
}
