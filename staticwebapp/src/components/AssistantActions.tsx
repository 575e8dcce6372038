import { Activity, Check, Copy, RotateCcw } from "lucide-react";
import { textOf } from "../chat/chat";
import type { AssistantNode } from "../chat/tree";
import { useCopied } from "../hooks/useCopied";
import { useServices } from "../services";
import { BranchSwitch } from "./BranchSwitch";
import { tryAgain } from "./failures";
import { count, duration } from "./format";

interface AssistantActionsProps {
  readonly node: AssistantNode;
  readonly callsShown: boolean;
  readonly onToggleCalls: () => void;
}

export function AssistantActions({ node, callsShown, onToggleCalls }: AssistantActionsProps) {
  const { conversations, state } = useServices();
  const { copied, copy } = useCopied();
  const { calls, usage } = node.turn;
  const text = textOf(node);
  const first = calls[0]?.firstTokenMs;
  return (
    <div className="-ms-2 flex flex-wrap items-center text-muted text-xs">
      <BranchSwitch node={node} />
      {text !== "" && (
        <button
          type="button"
          className="icon-button"
          onClick={() => copy(text)}
          aria-label="Copy answer"
          title="Copy answer"
        >
          {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        onClick={() => tryAgain(node, conversations, state)}
        aria-label="Answer again"
        title="Answer again"
      >
        <RotateCcw size={16} aria-hidden />
      </button>
      {calls.length > 0 && (
        <button
          type="button"
          className="icon-button grid-flow-col gap-1.5 px-2.5"
          aria-expanded={callsShown}
          onClick={onToggleCalls}
          title="How this answer was made"
        >
          <Activity size={16} aria-hidden />
          <span>
            {calls.length === 1 ? "1 model call" : `${calls.length} model calls`}
            {usage !== undefined && ` · ${count(usage.input_tokens + usage.output_tokens)} tokens`}
            {first !== undefined && ` · first after ${duration(first)}`}
          </span>
        </button>
      )}
    </div>
  );
}
