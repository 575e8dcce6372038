import { ArrowDown } from "lucide-react";
import { type ReactElement, type Ref, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { type CustomContainerComponentProps, Virtualizer, type VirtualizerHandle } from "virtua";
import { textOf } from "../chat/chat";
import { comparedAnswers } from "../chat/shownAnswers";
import { type AssistantNode, branchTo, type ChatNode } from "../chat/tree";
import { usePrinting } from "../hooks/usePrinting";
import { useStickToEnd } from "../hooks/useStickToEnd";
import { strings } from "../i18n/strings";
import { useChatState, useNodes, useServices } from "../services";
import { AssistantMessage } from "./AssistantMessage";
import { ErrorBoundary } from "./ErrorBoundary";
import { Lazy } from "./Lazy";
import { LiveRegion } from "./LiveRegion";
import { onDemand } from "./onDemand";
import { UserMessage } from "./UserMessage";

const Comparison = onDemand(() => import("./Comparison"));

/** Pixels above and below the visible part that are drawn ahead. */
const ahead = 1000;

/** The open branch of a chat, its end kept in sight. Only messages near the visible part are drawn. */
export function MessageList({ chatId }: { readonly chatId: string }) {
  const { readOnly } = useServices();
  const leafId = useChatState((state) => state.chats.get(chatId)?.leafId ?? null);
  const nodes = useNodes(chatId);
  const branch = useMemo(() => branchTo(nodes, leafId), [nodes, leafId]);
  const title = useChatState((state) => state.chats.get(chatId)?.title);
  const { scroller, atEnd, toEnd, keep } = useStickToEnd(leafId, readOnly ? "start" : "end");
  const virtualizer = useRef<VirtualizerHandle>(null);
  const targetId = useTarget(branch, virtualizer, keep);
  const printing = usePrinting();
  // What has the keyboard, or is being written, stays drawn wherever the reader is.
  const [focused, setFocused] = useState(-1);
  const mounted = useMemo(
    () => [...new Set([focused, branch.length - 1])].filter((row) => row >= 0),
    [focused, branch.length],
  );
  const last = branch.at(-1);
  const compared = useComparedAnswers(chatId);
  const isCompared = (node: ChatNode) => compared.length > 0 && node === last;
  const row = (node: ChatNode, index: number): ReactElement => (
    // The versions of a message share its place, so that stepping through them keeps the keyboard's.
    <div
      key={node.parentId ?? "first"}
      data-index={index}
      className={`mx-auto px-4 ${isCompared(node) ? "max-w-6xl" : "max-w-3xl"} ${index === 0 ? "pt-6" : ""} ${index === branch.length - 1 ? "pb-10" : "pb-5"}`}
    >
      <ErrorBoundary of={node.id} fallback={<PlainMessage node={node} />}>
        <div className={node.id === targetId ? "rounded-2xl outline-2 outline-accent/50 outline-offset-8" : ""}>
          {node.role === "user" ? (
            <UserMessage node={node} />
          ) : isCompared(node) ? (
            <Lazy error={<AssistantMessage node={node} />}>
              <Comparison answers={compared} />
            </Lazy>
          ) : (
            <AssistantMessage node={node} />
          )}
        </div>
      </ErrorBoundary>
    </div>
  );
  return (
    <div className="message-list relative min-h-0 flex-1">
      <h1 className="print-title sr-only">{title}</h1>
      <div
        ref={scroller}
        className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none] [scrollbar-gutter:stable_both-edges]"
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={strings.conversation}
        onFocus={({ target }) => {
          setFocused(Number(target.closest<HTMLElement>("[data-index]")?.dataset["index"] ?? -1));
        }}
      >
        <div>
          {printing ? (
            branch.map(row)
          ) : (
            <Virtualizer
              ref={virtualizer}
              as={Container}
              scrollRef={scroller}
              bufferSize={ahead}
              itemSize={240}
              keepMounted={mounted}
              data={branch}
            >
              {row}
            </Virtualizer>
          )}
        </div>
      </div>
      {!atEnd && (
        <button
          type="button"
          className="button absolute inset-x-0 bottom-3 mx-auto size-9 rounded-full p-0 shadow-md"
          aria-label={strings.jumpToLatest}
          title={strings.jumpToLatest}
          onClick={toEnd}
        >
          <ArrowDown size="1.125rem" aria-hidden />
        </button>
      )}
      <LiveRegion answer={last?.role === "assistant" ? last : undefined} />
    </div>
  );
}

/** The list can be clicked and selected while it scrolls, as it does all the time while an answer is written. */
function Container({ style, ...props }: CustomContainerComponentProps & { readonly ref?: Ref<HTMLDivElement> }) {
  return <div {...props} style={{ ...style, pointerEvents: "auto" }} />;
}

function useComparedAnswers(chatId: string): readonly AssistantNode[] {
  const chat = useChatState((state) => state.chats.get(chatId));
  const nodes = useNodes(chatId);
  return useMemo(() => comparedAnswers(chat, nodes), [chat, nodes]);
}

/** The message for which the chat was opened, once it is loaded; it is scrolled into view and stays there. */
function useTarget(
  branch: readonly ChatNode[],
  virtualizer: RefObject<VirtualizerHandle | null>,
  keep: (show: () => void) => void,
): string | undefined {
  const targetId = useChatState((state) => state.targetId);
  const index = branch.findIndex(({ id }) => id === targetId);
  useEffect(() => {
    if (index >= 0) {
      keep(() => virtualizer.current?.scrollToIndex(index, { align: "center" }));
    }
  }, [index, virtualizer, keep]);
  return targetId;
}

function PlainMessage({ node }: { readonly node: ChatNode }) {
  return (
    <div className="space-y-2">
      <p className="text-bad text-sm">{strings.messageNotShown}</p>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{textOf(node)}</p>
    </div>
  );
}
