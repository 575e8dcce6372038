import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useCopied } from "../hooks/useCopied";

interface CodeBlockProps {
  readonly code: string;
  readonly language?: string | undefined;
  /** Colours wait for the end: code that is still being written would be coloured anew with every frame. */
  readonly streaming?: boolean;
}

/** Longer code is shown plain: colouring it would hold the page up. */
const longestHighlighted = 30_000;

export function CodeBlock({ code, language, streaming = false }: CodeBlockProps) {
  const { copied, copy } = useCopied();
  const coloured = useHighlighted(code, streaming ? undefined : language);
  return (
    <figure className="overflow-hidden rounded-xl border border-line bg-surface" dir="ltr">
      <figcaption className="flex items-center justify-between border-line border-b bg-raised py-0.5 ps-3.5 pe-1 text-muted text-xs">
        <span>{language ?? "text"}</span>
        <button
          type="button"
          className="icon-button h-8 grid-flow-col gap-1.5 px-2"
          onClick={() => copy(code)}
          aria-label="Copy code"
        >
          {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
          <span aria-live="polite">{copied ? "Copied" : "Copy"}</span>
        </button>
      </figcaption>
      <pre className="overflow-x-auto p-3.5 font-mono text-[0.8125rem] leading-relaxed" tabIndex={0}>
        <code>{coloured ?? code}</code>
      </pre>
    </figure>
  );
}

function useHighlighted(code: string, language: string | undefined): ReactNode {
  const [coloured, setColoured] = useState<{ readonly of: string; readonly node: ReactNode }>();
  useEffect(() => {
    if (language === undefined || code.length > longestHighlighted) {
      return;
    }
    let wanted = true;
    void import("./highlighter").then(({ highlight }) => {
      const node = highlight(code, language.toLowerCase());
      if (wanted && node !== undefined) {
        setColoured({ of: code, node });
      }
    });
    return () => {
      wanted = false;
    };
  }, [code, language]);
  return coloured?.of === code ? coloured.node : undefined;
}
