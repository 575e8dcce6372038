import { useRef } from "react";
import type { ApprovalRequestData } from "../api/events";
import type { AssistantNode } from "../chat/tree";
import { ToolArguments } from "../components/ToolArguments";
import { toolTitle } from "../components/tools";
import { strings } from "../i18n/strings";
import { membersOf, pretty } from "../json";
import { withVisibleReordering } from "../text";
import { ApprovalButtons } from "./ApprovalButtons";
import { approvalReason } from "./approvalReason";
import { RequestCard } from "./RequestCard";
import { useAnswer } from "./useAnswer";
import { useTyped } from "./useTyped";

interface ApprovalCardProps {
  readonly node: AssistantNode;
  readonly request: ApprovalRequestData;
}

/** A tool call that waits for the user's approval. */
export function ApprovalCard({ node, request }: ApprovalCardProps) {
  const { sending, sent, answer } = useAnswer(node);
  const [edited, setEdited] = useTyped(node, request.id, sent);
  const typedReason = useTyped(node, request.id, sent, " reason");
  const opened = useRef(false);
  const reasonText = approvalReason(request);
  const written = withVisibleReordering(pretty(request.arguments)); // in JSON, an escape is the same text
  const invalid = edited !== undefined && membersOf(edited) === undefined;

  const approve = (always: boolean) =>
    void answer(
      {
        type: "approve",
        request_id: request.id,
        ...(edited === undefined || edited === written ? {} : { arguments: edited }),
        ...(always ? { always } : {}),
      },
      always ? request.name : undefined,
    );

  return (
    <RequestCard
      kind="approval"
      title={strings.approvalTitle(toolTitle(request.name))}
      expiresAt={request.expires_at}
      sending={sending}
      sent={sent}
    >
      {reasonText !== undefined && <p className="text-muted text-sm">{reasonText}</p>}
      {request.owner !== undefined && <p className="text-muted text-sm">{strings.approvalByRole}</p>}
      {edited === undefined ? (
        <ToolArguments text={request.arguments} />
      ) : (
        <textarea
          className="field field-sizing-content max-h-80 min-h-24 w-full font-mono text-sm"
          aria-label={strings.editArguments}
          aria-invalid={invalid}
          // biome-ignore lint/a11y/noAutofocus: the user has just asked to type here
          autoFocus={opened.current}
          spellCheck={false}
          value={edited}
          onChange={(event) => setEdited(event.target.value)}
        />
      )}
      {invalid && (
        <p role="alert" className="text-sm">
          {strings.invalidJson}
        </p>
      )}
      <ApprovalButtons
        sending={sending}
        before={
          <>
            <button
              type="button"
              className="button button-accent"
              disabled={sending || invalid}
              onClick={() => approve(false)}
            >
              {strings.approve}
            </button>
            {request.allows_always === true && (
              <button type="button" className="button" disabled={sending || invalid} onClick={() => approve(true)}>
                {strings.approveAlways}
              </button>
            )}
          </>
        }
        after={
          edited === undefined && (
            <button
              type="button"
              className="button"
              disabled={sending}
              onClick={() => {
                opened.current = true;
                setEdited(written);
              }}
            >
              {strings.editArguments}
            </button>
          )
        }
        typedReason={typedReason}
        onDeny={(denial) => void answer({ ...denial, request_id: request.id })}
        onCancel={edited === undefined ? undefined : () => setEdited()}
      />
    </RequestCard>
  );
}
