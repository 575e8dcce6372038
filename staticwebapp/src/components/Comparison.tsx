import { useId } from "react";
import { findModel } from "../chat/models";
import type { AssistantNode } from "../chat/tree";
import { isUnfinished } from "../chat/turn";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { AssistantMessage } from "./AssistantMessage";
import { modelLabel } from "./modelLabel";

/** Answers to the same message side by side, or one above the other where there is no room. The chat continues with one of them. */
export default function Comparison({ answers }: { readonly answers: readonly AssistantNode[] }) {
  return (
    <section aria-label={strings.comparison} className="@container">
      <div className="grid gap-4 @min-[39rem]:grid-cols-2">
        {answers.map((node) => (
          <Column key={node.id} node={node} />
        ))}
      </div>
    </section>
  );
}

function Column({ node }: { readonly node: AssistantNode }) {
  const { conversations } = useServices();
  const titleId = useId();
  const name = useChatState(({ models, openProviders }) => {
    const model = findModel(node.options.model, models, openProviders);
    return model === undefined ? (node.turn.model ?? node.options.model) : modelLabel(model);
  });
  return (
    <div className="flex min-w-0 flex-col gap-3 rounded-2xl border border-line p-4">
      <h2 id={titleId} className="truncate font-medium text-muted text-sm" dir="auto">
        {name}
      </h2>
      <div className="flex-1">
        <AssistantMessage node={node} compared />
      </div>
      <button
        type="button"
        className="button w-full"
        aria-describedby={titleId}
        disabled={isUnfinished(node.turn)}
        onClick={() => void conversations.messages.keep(node)}
      >
        {strings.keepAnswer}
      </button>
    </div>
  );
}
