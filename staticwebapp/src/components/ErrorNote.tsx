import { RotateCcw, TriangleAlert } from "lucide-react";
import type { TurnFailure } from "../chat/failure";
import type { AssistantNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { explain, tryAgain } from "./failures";

/** Why an answer failed. It is shown once, with the answer; the live region announces it when it happens. */
export function ErrorNote({ node, failure }: { readonly node: AssistantNode; readonly failure: TurnFailure }) {
  const { conversations, state, readOnly } = useServices();
  return (
    <div role="note" className="flex flex-wrap items-center gap-3 rounded-xl bg-bad-soft px-4 py-3 text-sm">
      <TriangleAlert size="1.125rem" className="shrink-0 text-bad" aria-hidden />
      <div className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">
        <FailureText failure={failure} />
      </div>
      {failure.retryable && !readOnly && (
        <button type="button" className="button" onClick={() => tryAgain(node, conversations, state)}>
          <RotateCcw size="0.9375rem" aria-hidden /> {failure.lost ? strings.continue : strings.tryAgain}
        </button>
      )}
    </div>
  );
}

/** What happened, what helps, and the server's own message, as far as they are known. */
export function FailureText({ failure, hasModel }: { readonly failure: TurnFailure; readonly hasModel?: boolean }) {
  const limits = useChatState((current) => current.limits);
  const { what, advice, detail } = explain(failure, limits.maxBodyBytes, hasModel);
  return (
    <>
      <p className="font-medium text-bad">{what}</p>
      {advice !== undefined && <p>{advice}</p>}
      {detail !== undefined && <p lang="en">{detail}</p>}
    </>
  );
}
