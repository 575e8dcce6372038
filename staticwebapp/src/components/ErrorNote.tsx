import { CircleStop, RotateCcw, TriangleAlert } from "lucide-react";
import { stoppedByPerson, type TurnFailure } from "../chat/failure";
import type { AssistantNode } from "../chat/tree";
import { useServices } from "../services";
import { adviceFor, tryAgain } from "./failures";

/** Why an answer ended early. It stays with the answer, when the toast that said so is long gone. */
export function ErrorNote({ node, failure }: { readonly node: AssistantNode; readonly failure: TurnFailure }) {
  const { conversations, state } = useServices();
  if (failure.code === "CANCELLED") {
    return (
      <p className="flex items-center gap-2 text-muted text-sm">
        <CircleStop size={15} className="shrink-0" aria-hidden /> {stoppedByPerson.message}
      </p>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-xl bg-bad-soft px-4 py-3 text-sm">
      <TriangleAlert size={18} className="shrink-0 text-bad" aria-hidden />
      <div className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">
        <p className="font-medium text-bad">{failure.message}</p>
        <p>{adviceFor(failure)}</p>
      </div>
      {failure.retryable && (
        <button type="button" className="button" onClick={() => tryAgain(node, conversations, state)}>
          <RotateCcw size={15} aria-hidden /> {failure.lost ? "Go on" : "Try again"}
        </button>
      )}
    </div>
  );
}
