import { ArrowUp, Square } from "lucide-react";
import { lazy, type RefObject, useEffect, useState } from "react";
import { isUnfinished } from "../chat/turn";
import { useAutosize } from "../hooks/useAutosize";
import { useDraft } from "../hooks/useDraft";
import { useOnline } from "../hooks/useOnline";
import { preloadMarkdown } from "../markdown/LazyMarkdown";
import { useChatState, useServices } from "../services";
import { settings, turnOptions } from "../settings/settings";
import { keepDraft } from "../storage/drafts";
import { isEnterToSend } from "./keys";
import { Lazy } from "./Lazy";

const ToolChoice = lazy(() => import("./ToolChoice"));

interface ComposerProps {
  readonly chatId: string | null;
  readonly input: RefObject<HTMLTextAreaElement | null>;
}

/** A phone's keyboard would cover what was just opened. */
const fine = "(pointer: fine)";

/** Where people type. While an answer runs the button stops it, and what is typed meanwhile waits. */
export function Composer({ chatId, input }: ComposerProps) {
  const { conversations, state } = useServices();
  const [draft, setDraft] = useDraft(chatId);
  const online = useOnline();
  const runningId = useChatState((current) => {
    const leaf = chatId === null ? undefined : current.nodes.get(chatId)?.get(current.chats.get(chatId)?.leafId ?? "");
    return leaf?.role === "assistant" && isUnfinished(leaf.turn) ? leaf.id : undefined;
  });
  const offered = useChatState((current) => current.tools !== undefined);
  const [sentEarly, sendEarly] = useState(false);
  const waiting = sentEarly && !offered;
  const ready = draft.trim() !== "";
  useAutosize(input, draft);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another chat is opened to type in it
  useEffect(() => {
    if (matchMedia(fine).matches) {
      input.current?.focus();
    }
  }, [chatId]);

  // Whoever asked by a button that is gone now, such as for another answer, goes on here.
  useEffect(() => {
    if (runningId !== undefined && document.activeElement === document.body && matchMedia(fine).matches) {
      input.current?.focus();
    }
  }, [runningId, input]);

  const send = () => {
    if (ready && runningId === undefined) {
      if (!offered) {
        sendEarly(true);
        return;
      }
      sendEarly(false);
      const { models, tools } = state.getState();
      keepDraft(chatId, "");
      setDraft("");
      void conversations.send(draft, turnOptions(settings.getState(), models, tools));
    }
  };

  // A server that was not up yet says now what it offers.
  // biome-ignore lint/correctness/useExhaustiveDependencies: sent once, when it does
  useEffect(() => {
    if (offered && sentEarly) {
      send();
    }
  }, [offered, sentEarly]);

  return (
    <form
      className="mx-auto w-full max-w-3xl px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {!online && (
        <p role="status" className="mb-2 rounded-lg bg-raised px-3 py-1.5 text-center text-muted text-sm">
          You are offline. What you send goes out when you are back.
        </p>
      )}
      {online && waiting && (
        <p role="status" className="mb-2 rounded-lg bg-raised px-3 py-1.5 text-center text-muted text-sm">
          The server has not answered yet. Your message goes out when it does.
        </p>
      )}
      <div className="rounded-2xl border border-line bg-surface shadow-sm transition-colors focus-within:border-accent">
        <textarea
          ref={input}
          className="field-sizing-content block max-h-[40dvh] min-h-13 w-full resize-none bg-transparent px-4 pt-3.5 pb-1 outline-none placeholder:text-muted"
          aria-label="Message"
          placeholder="Ask anything"
          dir="auto"
          rows={1}
          value={draft}
          onChange={(event) => {
            preloadMarkdown();
            sendEarly(false);
            setDraft(event.target.value);
          }}
          onKeyDown={(event) => {
            if (isEnterToSend(event)) {
              event.preventDefault();
              send();
            }
          }}
        />
        <div className="flex items-center justify-between gap-2 px-2 pb-2">
          <Lazy waiting={<span />} missing={<span />}>
            <ToolChoice />
          </Lazy>
          {runningId === undefined ? (
            <button
              type="submit"
              className="button button-accent size-9 rounded-full p-0 disabled:opacity-50"
              aria-label="Send message"
              disabled={!ready || waiting}
            >
              <ArrowUp size={18} aria-hidden />
            </button>
          ) : (
            <button
              type="button"
              className="button size-9 rounded-full border-ink p-0"
              aria-label="Stop answering"
              title="Stop (Esc)"
              // The second click of a double click on Send is no wish to stop.
              onClick={(event) => event.detail < 2 && void conversations.stop(runningId)}
            >
              <Square size={13} fill="currentColor" aria-hidden />
            </button>
          )}
        </div>
      </div>
      <p className="mt-2 hidden text-center text-muted text-xs sm:block">Answers can be wrong. Check what matters.</p>
    </form>
  );
}
