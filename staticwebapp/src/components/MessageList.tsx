import { ArrowDown } from "lucide-react";
import { useEffect, useMemo } from "react";
import { textOf } from "../chat/chat";
import { branchTo, type ChatNode } from "../chat/tree";
import { useStickToEnd } from "../hooks/useStickToEnd";
import { useChatState, useNodes } from "../services";
import { AssistantMessage } from "./AssistantMessage";
import { ErrorBoundary } from "./ErrorBoundary";
import { LiveRegion } from "./LiveRegion";
import { UserMessage } from "./UserMessage";

/** The open branch of a chat, its end kept in sight. */
export function MessageList({ chatId }: { readonly chatId: string }) {
  const leafId = useChatState((state) => state.chats.get(chatId)?.leafId ?? null);
  const nodes = useNodes(chatId);
  const branch = useMemo(() => branchTo(nodes, leafId), [nodes, leafId]);
  const title = useChatState((state) => state.chats.get(chatId)?.title);
  const { scroller, atEnd, toEnd, keep } = useStickToEnd(leafId);
  const last = branch.at(-1);
  const target = useTarget(branch, keep);
  return (
    <div className="relative min-h-0 flex-1">
      <h1 className="sr-only">{title}</h1>
      <div
        ref={scroller}
        className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none] [scrollbar-gutter:stable_both-edges]"
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label="Conversation"
      >
        <div className="mx-auto flex max-w-3xl flex-col gap-5 px-4 pt-6 pb-10">
          {branch.map((node) => (
            // The versions of a message share its place, so that stepping through them keeps the keyboard's.
            <ErrorBoundary key={node.parentId} of={node.id} fallback={<Undrawable node={node} />}>
              <div
                id={idOf(node)}
                className={node === target ? "rounded-2xl outline-2 outline-accent/50 outline-offset-8" : ""}
              >
                {node.role === "user" ? <UserMessage node={node} /> : <AssistantMessage node={node} />}
              </div>
            </ErrorBoundary>
          ))}
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          className="button absolute inset-x-0 bottom-3 mx-auto w-fit rounded-full shadow-md"
          onClick={toEnd}
        >
          <ArrowDown size={16} aria-hidden /> To the end
        </button>
      )}
      <LiveRegion answer={last?.role === "assistant" ? last : undefined} />
    </div>
  );
}

const idOf = (node: ChatNode) => `message-${node.id}`;

/** The message for which the chat was opened, once it is there; it is brought into sight, and stays there. */
function useTarget(branch: readonly ChatNode[], keep: (element: Element) => void): ChatNode | undefined {
  const targetId = useChatState((state) => state.targetId);
  const target = branch.find(({ id }) => id === targetId);
  const elementId = target === undefined ? undefined : idOf(target);
  useEffect(() => {
    const element = document.getElementById(elementId ?? "");
    if (element !== null) {
      keep(element);
    }
  }, [elementId, keep]);
  return target;
}

function Undrawable({ node }: { readonly node: ChatNode }) {
  return (
    <div className="space-y-2">
      <p className="text-bad text-sm">This message could not be drawn. Its text:</p>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{textOf(node)}</p>
    </div>
  );
}
