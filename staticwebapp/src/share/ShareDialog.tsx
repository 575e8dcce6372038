import { CheckIcon, Copy, Link, Link2Off, RefreshCw } from "lucide-react";
import { type RefObject, useEffect, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { ApiError, errorTextOrMissing } from "../api/problem";
import type { Chat } from "../chat/chat";
import { byId } from "../chat/tree";
import { Check } from "../components/Check";
import { Dialog } from "../components/Dialog";
import { focusIfLost } from "../components/focusIfLost";
import { when } from "../components/format";
import { useCopied } from "../hooks/useCopied";
import { useToday } from "../hooks/useToday";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { linkOf, type Share } from "./shareApi";
import { lastEndedAnswer } from "./sharedChat";

interface ShareDialogProps {
  readonly chat: Chat;
  readonly onClose: () => void;
}

/** Shares a chat by a link, updates what the link shows, and stops sharing. */
export default function ShareDialog({ chat, onClose }: ShareDialogProps) {
  const { shares, storage, bringUp } = useServices();
  const sharing = useChatState((state) => state.limits.sharing);
  const [share, setShare] = useState<Share | "none">();
  const [turnId, setTurnId] = useState<string>();
  const [withTools, setWithTools] = useState(false);
  const [withInstructions, setWithInstructions] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState(false);
  const createButton = useRef<HTMLButtonElement>(null);
  const copyButton = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    const load = async () => {
      const nodes = byId(await storage.nodes(chat.id));
      setTurnId(lastEndedAnswer(nodes, chat.leafId));
      const api = await shares();
      const found = await api.find(chat.id).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) {
          return undefined; // not on the server yet
        }
        throw error;
      });
      setShare(found ?? "none");
      setWithTools(found?.include_tools ?? false);
      setWithInstructions(found?.include_instructions ?? false);
    };
    load().catch((error: unknown) => setTrouble(errorTextOrMissing(error, strings.notOnServerYet)));
  }, [shares, storage, chat.id, chat.leafId]);

  const publish = async (): Promise<Share> => {
    await bringUp?.(); // what the server lacks of the chat
    return (await shares()).share(chat.id, {
      turn_id: turnId ?? "",
      include_tools: withTools,
      include_instructions: withInstructions,
    });
  };
  const stop = async (): Promise<"none"> => {
    await (await shares()).stop(chat.id);
    return "none";
  };
  const attempt = async (action: typeof publish | typeof stop) => {
    setBusy(true);
    setTrouble(undefined);
    try {
      setShare(await action());
    } catch (error) {
      setTrouble(errorTextOrMissing(error, strings.notOnServerYet));
    }
    flushSync(() => setBusy(false));
    focusIfLost(() => copyButton.current ?? createButton.current); // what was pressed is gone or disabled
  };

  const shared = share === "none" ? undefined : share;
  const isCurrent =
    shared?.turn_id === turnId &&
    shared?.include_tools === withTools &&
    shared?.include_instructions === withInstructions;
  return (
    <Dialog title={strings.shareChat} onClose={onClose}>
      <div className="space-y-4 text-sm">
        <p className="text-muted">{sharing === "anyone" ? strings.shareWithAnyone : strings.shareWithUsers}</p>
        {turnId === undefined && share !== undefined ? (
          <p role="status">{strings.nothingToShare}</p>
        ) : (
          <>
            <fieldset className="space-y-2" disabled={busy}>
              <Check label={strings.shareTools} checked={withTools} onChange={setWithTools} />
              <Check label={strings.shareInstructions} checked={withInstructions} onChange={setWithInstructions} />
              {withInstructions && (
                <p role="status" className="ps-6.5 text-muted text-xs">
                  {strings.shareInstructionsNote}
                </p>
              )}
            </fieldset>
            {shared !== undefined && <SharedLink share={shared} isCurrent={isCurrent} copyButton={copyButton} />}
            <div className="flex flex-wrap gap-2">
              {shared === undefined ? (
                <button
                  ref={createButton}
                  type="button"
                  className="button"
                  disabled={busy || share === undefined}
                  onClick={() => void attempt(publish)}
                >
                  <Link size="0.9375rem" aria-hidden /> {strings.createLink}
                </button>
              ) : (
                <>
                  <button
                    type="button"
                    className="button"
                    disabled={busy || isCurrent}
                    onClick={() => void attempt(publish)}
                  >
                    <RefreshCw size="0.9375rem" aria-hidden /> {strings.updateLink}
                  </button>
                  <button type="button" className="button text-bad" disabled={busy} onClick={() => void attempt(stop)}>
                    <Link2Off size="0.9375rem" aria-hidden /> {strings.stopSharing}
                  </button>
                </>
              )}
            </div>
          </>
        )}
        <p role="status" className="text-bad empty:hidden">
          {trouble}
        </p>
      </div>
    </Dialog>
  );
}

interface SharedLinkProps {
  readonly share: Share;
  readonly isCurrent: boolean;
  readonly copyButton: RefObject<HTMLButtonElement | null>;
}

function SharedLink({ share, isCurrent, copyButton }: SharedLinkProps) {
  const { copied, copy } = useCopied();
  useToday();
  const id = useId();
  const link = linkOf(share.id);
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium">
        {strings.link}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          className="field min-w-0 flex-1"
          readOnly
          value={link}
          onFocus={({ target }) => target.select()}
        />
        <button ref={copyButton} type="button" className="button shrink-0" onClick={() => copy(link)}>
          {copied ? <CheckIcon size="0.9375rem" aria-hidden /> : <Copy size="0.9375rem" aria-hidden />}
          {copied ? strings.copied : strings.copyLink}
        </button>
      </div>
      <p className="mt-1.5 text-muted">
        {isCurrent
          ? strings.linkCurrent(when(Date.parse(share.updated_at)))
          : strings.linkOutdated(when(Date.parse(share.updated_at)))}
      </p>
    </div>
  );
}
