import { CircleStop, Scissors } from "lucide-react";
import { memo, useRef, useState } from "react";
import type { CitationData } from "../api/events";
import { waitingCalls } from "../approvals/requests";
import type { ToolPart } from "../chat/toolPart";
import type { AssistantNode } from "../chat/tree";
import { isUnfinished, type TextPart } from "../chat/turn";
import { useLanguage } from "../hooks/useLanguage";
import { strings } from "../i18n/strings";
import { LazyMarkdown } from "../markdown/LazyMarkdown";
import type { Source } from "../markdown/SourceChip";
import { useChatState, useServices } from "../services";
import { nextTurnOptions } from "../settings/chatSettings";
import { AssistantActions } from "./AssistantActions";
import { cutBy, segmentsOf, sourcesOf } from "./answers";
import { ErrorNote } from "./ErrorNote";
import { Lazy } from "./Lazy";
import { LoadError } from "./LoadError";
import { onDemand } from "./onDemand";
import { Reasoning } from "./Reasoning";
import { SourceList } from "./SourceList";
import { ToolGroup } from "./ToolGroup";
import { Waiting } from "./Waiting";

const BudgetNote = onDemand(() => import("../approvals/BudgetNote"));
const RequestCards = onDemand(() => import("../approvals/RequestCards"));
const ModelCalls = onDemand(() => import("./ModelCalls"));
const Suggestions = onDemand(() => import("./Suggestions"));

interface AssistantMessageProps {
  readonly node: AssistantNode;
  /** Whether it is shown next to another answer, of which the user keeps one. */
  readonly compared?: boolean;
}

/** One answer, from its first event to its end. */
export const AssistantMessage = memo(function AssistantMessage({ node, compared = false }: AssistantMessageProps) {
  useLanguage();
  const { turn } = node;
  const connection = useChatState((state) => state.connections.get(node.id));
  const retryAt = useChatState((state) => state.retries.get(node.id));
  const suggestions = useChatState(({ chats, suggestions: all }) => {
    const known = all.get(node.chatId);
    return known?.answerId === node.id && chats.get(node.chatId)?.leafId === node.id ? known.texts : undefined;
  });
  const [callsShown, showCalls] = useState(false);
  const { readOnly } = useServices();
  const running = isUnfinished(turn);
  const cut = !running && (turn.status !== "complete" || cutBy(turn) !== undefined);
  const waiting = waitingCalls(turn);
  const sources = useSources(
    turn.parts.filter((part) => part.type === "tool"),
    turn.cited,
  );
  return (
    <article
      aria-label={strings.answer}
      aria-busy={running && turn.parked !== true}
      className="group/message space-y-3"
    >
      {segmentsOf(turn.parts).map((segment) =>
        segment.kind === "tools" ? (
          <ToolGroup key={segment.index} parts={segment.parts} running={running} waiting={waiting} />
        ) : (
          <TextSegment
            key={segment.index}
            part={segment.part}
            open={running && turn.parked !== true && segment.index === turn.parts.length - 1}
            cut={cut && segment.index === turn.parts.length - 1}
            sources={sources}
          />
        ),
      )}
      {running && turn.requests !== undefined && turn.requests.length > 0 && (
        <Lazy error={<LoadError />}>
          <RequestCards node={node} />
        </Lazy>
      )}
      {running && turn.parked !== true && <Waiting turn={turn} connection={connection} retryAt={retryAt} />}
      {!running && <SourceList sources={sources} />}
      <EndNote node={node} canContinue={!compared && !readOnly} />
      {turn.warnings?.map((warning) => (
        <Lazy key={warning.limit} error={null}>
          <BudgetNote warning={warning} />
        </Lazy>
      ))}
      {running ? (
        <div className="h-9" aria-hidden /> // the room of the actions, so that nothing moves at the end
      ) : (
        <AssistantActions
          node={node}
          compared={compared}
          callsShown={callsShown}
          onToggleCalls={() => showCalls(!callsShown)}
        />
      )}
      {callsShown && (
        <Lazy error={<LoadError />}>
          <ModelCalls node={node} />
        </Lazy>
      )}
      {suggestions !== undefined && (
        <Lazy error={null}>
          <Suggestions chatId={node.chatId} texts={suggestions} />
        </Lazy>
      )}
    </article>
  );
});

interface TextSegmentProps {
  readonly part: TextPart;
  readonly open: boolean;
  readonly cut: boolean;
  readonly sources: readonly Source[];
}

const TextSegment = memo(function TextSegment({ part, open, cut, sources }: TextSegmentProps) {
  useLanguage();
  return part.type === "text" ? (
    <LazyMarkdown text={part.text} streaming={open} cut={cut} sources={sources} />
  ) : (
    <Reasoning text={part.text} thinking={open} />
  );
});

/** The sources of an answer; the same array as long as its tools and citations are the same, since all text is drawn with it. */
function useSources(tools: readonly ToolPart[], cited: readonly CitationData[] | undefined): readonly Source[] {
  const last = useRef<{
    readonly tools: readonly ToolPart[];
    readonly cited: readonly CitationData[] | undefined;
    readonly sources: readonly Source[];
  }>(undefined);
  if (
    last.current?.cited !== cited ||
    last.current?.tools.length !== tools.length ||
    last.current.tools.some((tool, index) => tool !== tools[index])
  ) {
    last.current = { tools, cited, sources: sourcesOf(tools, cited) };
  }
  return last.current.sources;
}

/** Why an answer ended as it did, where it did not simply end, and what the user can do. */
function EndNote({ node, canContinue }: { readonly node: AssistantNode; readonly canContinue: boolean }) {
  const { turn } = node;
  const continued = canContinue ? node : undefined;
  const cut = cutBy(turn);
  if (turn.status === "stopped") {
    const hasText = turn.parts.some(({ type }) => type === "text");
    // A copy of an answer that was still being written has no failure.
    const text = turn.failure === undefined ? strings.incomplete : strings.stoppedByUser;
    return <Note Icon={CircleStop} text={text} node={hasText ? continued : undefined} />;
  }
  if (turn.failure !== undefined) {
    return <ErrorNote node={node} failure={turn.failure} />;
  }
  if (cut !== undefined) {
    const text = cut === "length" ? strings.lengthLimit : strings.contentFilterCut;
    return <Note Icon={Scissors} text={text} node={cut === "length" ? continued : undefined} />;
  }
  return turn.stoppedBy === "max_iterations" ? <p className="text-muted text-sm">{strings.toolLimit}</p> : null;
}

interface NoteProps {
  readonly Icon: typeof Scissors;
  readonly text: string;
  /** The answer to continue, where that makes sense. */
  readonly node: AssistantNode | undefined;
}

function Note({ Icon, text, node }: NoteProps) {
  const { conversations, state } = useServices();
  const isLast = useChatState(({ chats }) => node !== undefined && chats.get(node.chatId)?.leafId === node.id);
  return (
    <p className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 text-muted text-sm">
      <span className="flex items-center gap-2">
        <Icon size="0.9375rem" className="shrink-0" aria-hidden /> {text}
      </span>
      {node !== undefined && isLast && (
        <button
          type="button"
          className="button text-sm"
          onClick={() =>
            void conversations.messages.send(strings.continueMessage, nextTurnOptions(state.getState(), node.chatId))
          }
        >
          {strings.continue}
        </button>
      )}
    </p>
  );
}
