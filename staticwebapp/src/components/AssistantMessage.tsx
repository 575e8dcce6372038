import { memo, useState } from "react";
import type { Connection } from "../api/followTurn";
import type { AssistantNode } from "../chat/tree";
import { isUnfinished, type Part, type TurnState } from "../chat/turn";
import { LazyMarkdown } from "../markdown/LazyMarkdown";
import { useChatState } from "../services";
import { AssistantActions } from "./AssistantActions";
import { ErrorNote } from "./ErrorNote";
import { ModelCalls } from "./ModelCalls";
import { Reasoning } from "./Reasoning";
import { ToolCard } from "./ToolCard";

/** One answer, from its first event to its end. */
export const AssistantMessage = memo(function AssistantMessage({ node }: { readonly node: AssistantNode }) {
  const { turn } = node;
  const connection = useChatState((state) => state.connections.get(node.id));
  const [callsShown, showCalls] = useState(false);
  const running = isUnfinished(turn);
  return (
    <article aria-label="Answer" aria-busy={running} className="group/message space-y-3">
      {turn.parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their places, and text parts have no name
        <AnswerPart key={index} part={part} running={running} last={index === turn.parts.length - 1} />
      ))}
      {running && <Waiting turn={turn} connection={connection} />}
      {turn.stoppedBy === "max_iterations" && (
        <p className="text-muted text-sm">
          The limit of tool rounds was reached; the answer was made from what was found by then.
        </p>
      )}
      {turn.failure !== undefined && <ErrorNote node={node} failure={turn.failure} />}
      {running ? (
        <div className="h-9" aria-hidden /> // the room of what comes next, so that nothing jumps at the end
      ) : (
        <AssistantActions node={node} callsShown={callsShown} onToggleCalls={() => showCalls(!callsShown)} />
      )}
      {callsShown && <ModelCalls turn={turn} />}
    </article>
  );
});

function AnswerPart({
  part,
  running,
  last,
}: {
  readonly part: Part;
  readonly running: boolean;
  readonly last: boolean;
}) {
  switch (part.type) {
    case "text":
      return <LazyMarkdown text={part.text} streaming={running && last} />;
    case "reasoning":
      return <Reasoning text={part.text} thinking={running && last} />;
    case "tool":
      return <ToolCard part={part} running={running} />;
  }
}

/** What the reader waits for, where no text with a cursor says it already. */
function Waiting({ turn, connection }: { readonly turn: TurnState; readonly connection: Connection | undefined }) {
  if (connection === "reconnecting") {
    return (
      <p className="text-muted text-sm" data-connection="reconnecting">
        {navigator.onLine ? "Reconnecting…" : "You are offline. The answer goes on when you are back."}
      </p>
    );
  }
  const last = turn.parts.at(-1);
  return last === undefined || last.type === "tool" ? (
    <p className="cursor-block h-6 text-muted" aria-hidden>
      {" "}
    </p>
  ) : null;
}
