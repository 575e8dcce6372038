import { Brain } from "lucide-react";
import { strings } from "../i18n/strings";
import { Elapsed } from "./Elapsed";

/** The model's reasoning, folded: it is not the answer. */
export function Reasoning({ text, thinking }: { readonly text: string; readonly thinking: boolean }) {
  return (
    <details className="text-muted text-sm">
      <summary className="inline-flex min-h-8 items-center gap-2">
        <Brain size="0.9375rem" aria-hidden />
        {thinking ? (
          <span>
            {strings.thinking}…<Elapsed />
          </span>
        ) : (
          strings.reasoning
        )}
      </summary>
      <p className="mt-1 whitespace-pre-wrap border-line border-s-2 ps-4 [overflow-wrap:anywhere]" dir="auto">
        {text}
      </p>
    </details>
  );
}
