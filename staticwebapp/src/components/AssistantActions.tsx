import { Activity, Check, Copy, RotateCcw } from "lucide-react";
import { textOf } from "../chat/chat";
import type { AssistantNode } from "../chat/tree";
import { useCopied } from "../hooks/useCopied";
import { useToday } from "../hooks/useToday";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { BranchSwitch } from "./BranchSwitch";
import { htmlOf } from "./copyHtml";
import { tryAgain } from "./failures";
import { count, money, when } from "./format";
import { IconButton } from "./IconButton";
import { MessageMenu } from "./MessageMenu";

interface AssistantActionsProps {
  readonly node: AssistantNode;
  readonly compared: boolean;
  readonly callsShown: boolean;
  readonly onToggleCalls: () => void;
}

export function AssistantActions({ node, compared, callsShown, onToggleCalls }: AssistantActionsProps) {
  useToday();
  const { conversations, state, readOnly } = useServices();
  const currency = useChatState((chat) => chat.limits.currency);
  const { copied, copy } = useCopied();
  const { calls, usage, model } = node.turn;
  const tokens = (usage?.input_tokens ?? 0) + (usage?.output_tokens ?? 0);
  const text = textOf(node);
  return (
    <div className="actions -ms-2 flex flex-wrap items-center text-muted text-xs">
      {!compared && <BranchSwitch node={node} />}
      {text !== "" && (
        <IconButton
          onClick={({ currentTarget }) => copy(text, htmlOf(currentTarget.closest("article")))}
          label={strings.copyAnswer}
        >
          {copied ? <Check size="1rem" aria-hidden /> : <Copy size="1rem" aria-hidden />}
        </IconButton>
      )}
      {!readOnly && (
        <IconButton onClick={() => tryAgain(node, conversations, state)} label={strings.regenerate}>
          <RotateCcw size="1rem" aria-hidden />
        </IconButton>
      )}
      {!compared && !readOnly && <MessageMenu node={node} />}
      {calls.length > 0 && (
        <button
          type="button"
          className="icon-button min-w-0 max-w-full grid-flow-col gap-1.5 px-2.5"
          aria-expanded={callsShown}
          onClick={onToggleCalls}
          title={strings.details}
        >
          <Activity size="1rem" aria-hidden />
          <span className="truncate">
            {model}
            <span className="max-sm:sr-only">
              {model !== undefined && " · "}
              {strings.modelCalls(calls.length)}
            </span>
            <span className="max-sm:sr-only">{tokens > 0 && ` · ${strings.tokens(count(tokens))}`}</span>
            {usage?.cost !== undefined && ` · ${money(usage.cost, currency)}`}
          </span>
        </button>
      )}
      <time className="px-1.5" dateTime={new Date(node.createdAt).toISOString()}>
        {when(node.createdAt)}
      </time>
    </div>
  );
}
