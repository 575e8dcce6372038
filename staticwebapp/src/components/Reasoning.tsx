import { Brain } from "lucide-react";

/** The model's reasoning, folded away: it is not the answer. */
export function Reasoning({ text, thinking }: { readonly text: string; readonly thinking: boolean }) {
  return (
    <details className="text-muted text-sm">
      <summary className="inline-flex min-h-8 items-center gap-2">
        <Brain size={15} aria-hidden />
        {thinking ? "Thinking…" : "Reasoning"}
      </summary>
      <p className="mt-1 whitespace-pre-wrap border-line border-s-2 ps-4 [overflow-wrap:anywhere]" dir="auto">
        {text}
      </p>
    </details>
  );
}
