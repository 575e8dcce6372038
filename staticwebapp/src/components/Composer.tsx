import { ArrowUp, Camera, ListEnd, Paperclip, Square } from "lucide-react";
import { type ComponentProps, type RefObject, useEffect, useId, useState } from "react";
import { flushSync } from "react-dom";
import { useAttachments } from "../attachments/useAttachments";
import { comparedAnswers, runningAnswers } from "../chat/shownAnswers";
import { isTemporary } from "../chat/state";
import { useAutosize } from "../hooks/useAutosize";
import { useDraft } from "../hooks/useDraft";
import { useMedia } from "../hooks/useMedia";
import { useOnline } from "../hooks/useOnline";
import { fine, useTypeAtOnce } from "../hooks/useTypeAtOnce";
import { strings } from "../i18n/strings";
import { preloadMarkdown } from "../markdown/LazyMarkdown";
import { PromptMenu } from "../prompts/PromptMenu";
import { optionId, usePromptMenu } from "../prompts/usePromptMenu";
import { useChatState, useServices } from "../services";
import { nextTurnOptions } from "../settings/chatSettings";
import { AttachmentList } from "./AttachmentList";
import { CompareChoice } from "./CompareChoice";
import { ContextMeter } from "./ContextMeter";
import { DictateButton } from "./DictateButton";
import { focusIfLost } from "./focusIfLost";
import { isEnterToSend } from "./keys";
import { Lazy } from "./Lazy";
import { LazyDialog } from "./LazyDialog";
import { LoadError } from "./LoadError";
import { onDemand } from "./onDemand";
import { ToolChoice } from "./ToolChoice";

const PromptsDialog = onDemand(() => import("../prompts/PromptsDialog"));
const QueuedNote = onDemand(() => import("./QueuedNote"));
const RivalNote = onDemand(() => import("./RivalNote"));

interface ComposerProps {
  readonly chatId: string | null;
  readonly input: RefObject<HTMLTextAreaElement | null>;
}

/** Where users type. While an answer runs, the button stops it, and Enter queues what is typed. */
export function Composer({ chatId, input }: ComposerProps) {
  const { conversations, state, offline = false } = useServices();
  const temporary = useChatState((current) => isTemporary(current, chatId));
  const [draft, setDraft] = useDraft(chatId, temporary, () => chatId === null || state.getState().chats.has(chatId));
  const menu = usePromptMenu(input, draft, setDraft);
  const menuId = useId();
  const files = useAttachments(chatId, temporary);
  const online = useOnline();
  const touch = useMedia("(pointer: coarse)"); // phones and tablets, which have a camera
  const running = useChatState((current) => runningAnswers(current, chatId).length > 0);
  const comparing = useChatState(
    ({ chats, nodes }) => comparedAnswers(chats.get(chatId ?? ""), nodes.get(chatId ?? "")).length > 0,
  );
  const leafId = useChatState((current) => current.chats.get(chatId ?? "")?.leafId);
  const queued = useChatState((current) => current.chats.get(chatId ?? "")?.queued);
  const compares = useChatState((current) => current.rival !== undefined);
  const offered = useChatState((current) => current.tools !== undefined);
  const notCopied = useChatState((current) => current.notCopied.get(chatId ?? ""));
  const [sentEarly, sendEarly] = useState(false);
  const waiting = sentEarly && !offered;
  const ready = files.pending.length === 0 && !comparing && (draft.trim() !== "" || files.attachments.length > 0);
  useAutosize(input, draft);

  useTypeAtOnce(input);

  /** What had the keyboard may be gone, such as the button that asked for another answer. */
  const takeKeyboard = () => {
    if (matchMedia(fine).matches) {
      focusIfLost(() => input.current);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last message, or what is shown above the field, has changed
  useEffect(() => {
    const isCopying = getSelection()?.isCollapsed === false; // the focus would take away what the user has selected
    if ((running || !comparing) && !isCopying) {
      takeKeyboard();
    }
  }, [running, comparing, leafId, compares, queued]);

  const send = () => {
    if (!ready) {
      return;
    }
    if (!offered) {
      sendEarly(true);
      return;
    }
    sendEarly(false);
    const options = nextTurnOptions(state.getState(), chatId);
    setDraft("");
    const attachments = files.take();
    if (!running) {
      void conversations.messages.send(draft, options, attachments);
    } else {
      // What is sent later in the same wait is part of the same message.
      const text = [queued?.text ?? "", draft].filter((each) => each.trim() !== "").join("\n\n");
      void conversations.messages.queue(text, options, [...(queued?.attachments ?? []), ...attachments]);
    }
  };

  // A server that was not up yet has answered by now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: sent once, when it has
  useEffect(() => {
    if (offered && sentEarly) {
      send();
    }
  }, [offered, sentEarly]);

  return (
    <>
      <form
        className="composer mx-auto flex max-h-4/5 min-h-0 w-full max-w-3xl flex-col px-4 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {offline ? <Status text={strings.offlineStored} /> : !online && <Status text={strings.offlineNote} />}
        {notCopied !== undefined && <Status text={strings.notCopied[notCopied]} />}
        {online && !offline && waiting && <Status text={strings.serverNotReady} />}
        {comparing && (!running || draft.trim() !== "") && <Status text={strings.chooseAnswer} />}
        {compares && !comparing && (
          <Lazy error={null}>
            <RivalNote chatId={chatId} />
          </Lazy>
        )}
        {files.pending.length > 0 && <Status text={strings.attaching} />}
        {files.problems.length > 0 && (
          <div
            role="alert"
            className="mb-2 max-h-[20dvh] shrink-0 overflow-y-auto rounded-lg bg-bad-soft px-3 py-1.5 text-sm"
          >
            {files.problems.map((problem) => (
              <p key={problem}>{problem}</p>
            ))}
          </div>
        )}
        {queued !== undefined && chatId !== null && (
          <Lazy error={<LoadError />}>
            <QueuedNote
              queued={queued}
              running={running}
              onTakeBack={async () => {
                const message = await conversations.messages.unqueue(chatId);
                if (message !== undefined) {
                  setDraft(draft.trim() === "" ? message.text : `${message.text}\n\n${draft}`);
                  files.add(message.attachments);
                  input.current?.focus();
                }
              }}
              onSend={async () => {
                const message = await conversations.messages.unqueue(chatId);
                if (message !== undefined) {
                  await conversations.messages.send(message.text, message.options, message.attachments);
                }
              }}
            />
          </Lazy>
        )}
        <div className="relative flex min-h-0 flex-col rounded-2xl border border-line bg-surface shadow-sm transition-colors focus-within:border-accent">
          {files.attachments.length + files.pending.length > 0 && (
            <div className="max-h-[30dvh] min-h-0 overflow-y-auto px-4 pt-3.5">
              <AttachmentList
                attachments={[...files.attachments, ...files.pending]}
                onRemove={(file) => {
                  flushSync(() => files.remove(file));
                  takeKeyboard();
                }}
              />
            </div>
          )}
          <PromptMenu id={menuId} menu={menu} />
          <textarea
            ref={input}
            className="field-sizing-content block max-h-[40dvh] min-h-13 w-full resize-none bg-transparent px-4 pt-3.5 pb-1 outline-none placeholder:text-muted"
            aria-label={strings.message}
            aria-autocomplete="list"
            aria-controls={menu.isOpen ? menuId : undefined}
            aria-activedescendant={menu.isOpen ? optionId(menuId, menu.active) : undefined}
            placeholder={strings.ask}
            dir="auto"
            rows={1}
            value={draft}
            onChange={(event) => {
              preloadMarkdown();
              sendEarly(false);
              setDraft(event.target.value);
              menu.onCaret(event.target.value, event.target.selectionEnd);
            }}
            onSelect={({ currentTarget }) => menu.onCaret(currentTarget.value, currentTarget.selectionEnd)}
            onBlur={menu.close}
            onPaste={files.onPaste}
            onKeyDown={(event) => {
              if (!menu.onKeyDown(event) && isEnterToSend(event)) {
                event.preventDefault();
                send();
              }
            }}
          />
          <div className="flex shrink-0 flex-wrap items-center gap-0.5 px-2 pb-2">
            <FileButton Icon={Paperclip} label={strings.attach} multiple onFiles={files.onFiles} />
            {touch && (
              <FileButton
                Icon={Camera}
                label={strings.takePhoto}
                accept="image/*"
                capture="environment"
                onFiles={files.onFiles}
              />
            )}
            <ToolChoice chatId={chatId} />
            {!running && !comparing && <CompareChoice />}
            <ContextMeter chatId={chatId} />
            {/* Together, also where large text leaves no room for one line. */}
            <div className="ms-auto flex items-center gap-0.5">
              <DictateButton onText={(text) => setDraft(draft.trim() === "" ? text : `${draft.trimEnd()} ${text}`)} />
              {running && ready && (
                <button type="submit" className="icon-button" aria-label={strings.queue} title={strings.queue}>
                  <ListEnd size="1.125rem" aria-hidden />
                </button>
              )}
              {!running ? (
                <button
                  type="submit"
                  className="button button-accent size-9 rounded-full p-0 disabled:opacity-50"
                  aria-label={strings.send}
                  disabled={!ready || waiting}
                >
                  <ArrowUp size="1.125rem" aria-hidden />
                </button>
              ) : (
                <button
                  type="button"
                  className="button size-9 rounded-full border-ink p-0"
                  aria-label={strings.stop}
                  title={strings.stopHint}
                  // The second click of a double click on Send does not stop.
                  onClick={(event) => event.detail < 2 && chatId !== null && void conversations.stopAnswers(chatId)}
                >
                  <Square size="0.8125rem" fill="currentColor" aria-hidden />
                </button>
              )}
            </div>
          </div>
        </div>
        <p className="mt-2 hidden text-center text-muted text-xs sm:block">{strings.disclaimer}</p>
      </form>
      {menu.isEditing && (
        <LazyDialog onClose={menu.endEditing}>
          <PromptsDialog onClose={menu.endEditing} />
        </LazyDialog>
      )}
    </>
  );
}

function Status({ text }: { readonly text: string }) {
  return (
    <p role="status" className="my-2 shrink-0 rounded-lg bg-raised px-3 py-1.5 text-center text-muted text-sm">
      {text}
    </p>
  );
}

interface FileButtonProps extends Pick<ComponentProps<"input">, "accept" | "capture" | "multiple"> {
  readonly Icon: typeof Paperclip;
  readonly label: string;
  readonly onFiles: (files: Iterable<File>) => void;
}

function FileButton({ Icon, label, onFiles, ...input }: FileButtonProps) {
  return (
    <label
      className="icon-button cursor-pointer has-focus-visible:outline-2 has-focus-visible:outline-accent"
      title={label}
    >
      <Icon size="1.0625rem" aria-hidden />
      <input
        {...input}
        type="file"
        className="sr-only"
        aria-label={label}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = "";
        }}
      />
    </label>
  );
}
