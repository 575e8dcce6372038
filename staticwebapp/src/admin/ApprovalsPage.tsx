import { RefreshCw } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";
import { errorText } from "../api/problem";
import { ApprovalButtons } from "../approvals/ApprovalButtons";
import { approvalReason } from "../approvals/approvalReason";
import { RequestCard } from "../approvals/RequestCard";
import { editedTexts, keepEdited } from "../components/editedTexts";
import { ToolArguments } from "../components/ToolArguments";
import { toolTitle } from "../components/tools";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { toast } from "../toast";
import type { CallAnswer, WaitingCall } from "./adminApi";

/** How often the list is read while it is visible. */
const everyMs = 15_000;

/** The tool calls of all users that wait for an approver. */
export default function ApprovalsPage() {
  const isAllowed = useChatState(({ roles }) => roles.includes("approver"));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-3xl px-4 py-6">
        <h1 className="mb-1 font-semibold text-2xl tracking-tight">{strings.approvals}</h1>
        {isAllowed ? <WaitingCalls /> : <p className="text-muted">{strings.approversOnly}</p>}
      </div>
    </div>
  );
}

function WaitingCalls() {
  const { admin } = useServices();
  const [calls, setCalls] = useState<readonly WaitingCall[]>();
  const [trouble, setTrouble] = useState<string>();
  const read = useCallback(
    async (signal: AbortSignal) => {
      try {
        const waiting = await (await admin()).waiting(signal);
        setCalls(waiting);
        forgetReasonsBut(new Set(waiting.map(idOf)));
        setTrouble(undefined);
      } catch (error) {
        if (!signal.aborted) {
          setTrouble(errorText(error, strings.unreachable));
        }
      }
    },
    [admin],
  );
  useEffect(() => {
    const left = new AbortController();
    const readIfVisible = () => {
      if (document.visibilityState === "visible") {
        void read(left.signal);
      }
    };
    readIfVisible();
    const timer = setInterval(readIfVisible, everyMs);
    document.addEventListener("visibilitychange", readIfVisible);
    return () => {
      left.abort();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", readIfVisible);
    };
  }, [read]);

  return (
    <>
      <div className="mb-4 flex items-center gap-3">
        <p className="text-muted text-sm">{strings.approvalsText}</p>
        <button
          type="button"
          className="button ms-auto shrink-0 text-sm"
          onClick={() => void read(new AbortController().signal)}
        >
          <RefreshCw size="0.9375rem" aria-hidden /> {strings.refresh}
        </button>
      </div>
      {trouble !== undefined && (
        <p role="alert" className="mb-4 text-bad text-sm">
          {trouble}
        </p>
      )}
      {calls?.length === 0 && (
        <p role="status" className="text-muted">
          {strings.noApprovals}
        </p>
      )}
      <ul className="space-y-4">
        {calls?.map((call) => (
          <li key={idOf(call)}>
            <WaitingCard
              call={call}
              onAnswered={() => setCalls((current) => current?.filter((each) => each !== call))}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

const idStart = "call ";

function idOf({ owner, turn_id: turnId, request_id: requestId }: WaitingCall): string {
  return `${idStart}${owner} ${turnId} ${requestId}`;
}

/** Forgets the reasons that were typed for calls that no longer wait. */
function forgetReasonsBut(ids: ReadonlySet<string>): void {
  for (const id of editedTexts.getState().keys()) {
    if (id.startsWith(idStart) && !ids.has(id)) {
      keepEdited({ id });
    }
  }
}

interface WaitingCardProps {
  readonly call: WaitingCall;
  readonly onAnswered: () => void;
}

function WaitingCard({ call, onAnswered }: WaitingCardProps) {
  const { admin } = useServices();
  const [sending, setSending] = useState(false);
  const id = idOf(call);
  const reason = useStore(editedTexts, (edits) => edits.get(id)?.text);
  const why = approvalReason(call);
  const answer = async (chosen: CallAnswer) => {
    setSending(true);
    try {
      await (await admin()).answer(call, chosen);
      keepEdited({ id });
      onAnswered();
    } catch (error) {
      setSending(false);
      toast.error(errorText(error, strings.answerFailed));
    }
  };
  return (
    <RequestCard kind="approval" title={strings.approvalTitle(toolTitle(call.name))} expiresAt={call.expires_at}>
      <p className="text-sm [overflow-wrap:anywhere]" title={call.owner}>
        {strings.askedFor(call.owner_name ?? call.owner)}
      </p>
      {why !== undefined && <p className="text-muted text-sm">{why}</p>}
      <ToolArguments text={call.arguments} />
      <ApprovalButtons
        sending={sending}
        before={
          <button
            type="button"
            className="button button-accent"
            disabled={sending}
            onClick={() => void answer({ type: "approve" })}
          >
            {strings.approve}
          </button>
        }
        typedReason={[reason, (text) => keepEdited({ id }, text)]}
        onDeny={(denial) => void answer(denial)}
      />
    </RequestCard>
  );
}
