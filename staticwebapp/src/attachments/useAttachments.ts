import { type ClipboardEvent, useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";
import { newId } from "../api/ids";
import { errorText } from "../api/problem";
import { bytes } from "../components/format";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { type Attachment, type PendingAttachment, textAttachment, weightOf } from "./attachment";
import { attachmentDrafts, setAttachments } from "./attachmentDrafts";
import { warnOfLossUntil } from "./lossWarning";

/** A pasted text longer than this becomes a file: a field with so much text is slow, and so is reading it. */
const longestPaste = 20_000;

const defaultRoom = 3_000_000;

interface Attachments {
  readonly attachments: readonly Attachment[];
  /** Why files were refused, in sentences. */
  readonly problems: readonly string[];
  /** The files that are being read or uploaded. */
  readonly pending: readonly PendingAttachment[];
  readonly add: (attachments: readonly Attachment[]) => void;
  /** Removes a file, or cancels what is pending. */
  readonly remove: (attachment: Attachment | PendingAttachment) => void;
  /** Empties the list, and returns what was in it. */
  readonly take: () => readonly Attachment[];
  readonly onFiles: (files: Iterable<File>) => void;
  readonly onPaste: (event: ClipboardEvent) => void;
}

const none: readonly Attachment[] = [];

/**
 * The files of a message that is being written: chosen, pasted, or dropped anywhere on the page. Where users sign in, the server keeps them,
 * except for those of temporary chats.
 */
export function useAttachments(chatId: string | null, temporary: boolean): Attachments {
  const attachments = useStore(attachmentDrafts, (drafts) => drafts.get(chatId ?? "") ?? none);
  const most = useChatState(({ limits }) => limits.maxBodyBytes);
  const { api, signIn } = useServices();
  const uploads = signIn !== undefined && !temporary;
  const [pending, setPending] = useState<readonly PendingAttachment[]>([]);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const room = most === undefined ? defaultRoom : 0.75 * most;

  const add = useCallback(
    (added: readonly Attachment[]) => {
      const all = [...(attachmentDrafts.getState().get(chatId ?? "") ?? none), ...added];
      if (all.reduce((sum, attachment) => sum + weightOf(attachment), 0) > room) {
        setProblems([strings.attachmentsTooLarge(bytes(room))]);
      } else {
        setAttachments(chatId, all);
      }
    },
    [chatId, room],
  );
  const onFiles = useCallback(
    async (files: Iterable<File>) => {
      setProblems([]);
      const loaded = loadReading();
      const started = [...files].map((file) => {
        const { signal, cancel, canceled } = cancellation();
        const read = async () => {
          const { readFile, uploadFile } = await loaded;
          const upload = (name: string, content: Blob) => api.uploadFile(name, content, signal);
          return await (uploads ? uploadFile(file, upload) : readFile(file));
        };
        const { name, size } = file;
        const pending: PendingAttachment = { kind: "pending", id: newId(), name, size, cancel };
        return { signal, pending, read: Promise.race([read(), canceled]) };
      });
      setPending((before) => [...before, ...started.map(({ pending }) => pending)]);
      const reading = Promise.allSettled(started.map(({ read }) => read));
      void warnOfLossUntil(reading);
      const read = (await reading).filter((_, index) => started[index]?.signal.aborted === false);
      setPending((before) => before.filter((each) => !started.some(({ pending }) => pending === each)));
      const refused = read.filter((each) => each.status === "rejected");
      setProblems([...new Set(refused.map(({ reason }) => errorText(reason, strings.fileUnreadable)))]);
      const added = read.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
      if (added.length > 0) {
        add(added);
      }
    },
    [add, api, uploads],
  );
  useDrop(onFiles);

  return {
    attachments,
    problems,
    pending,
    add,
    remove: (attachment) => {
      setProblems([]);
      if (attachment.kind === "pending") {
        attachment.cancel();
        setPending((before) => before.filter((each) => each !== attachment));
        return;
      }
      setAttachments(
        chatId,
        attachments.filter((each) => each !== attachment),
      );
    },
    take: () => {
      setProblems([]);
      setAttachments(chatId, none);
      return attachments;
    },
    onFiles: (files) => void onFiles(files),
    onPaste: (event) => {
      const { files } = event.clipboardData;
      const text = event.clipboardData.getData("text/plain");
      // A copied table comes as text and as its picture: the text is meant.
      if (files.length > 0 && text === "") {
        event.preventDefault();
        void onFiles([...files]);
      } else if (text.length > longestPaste) {
        event.preventDefault();
        const name = `${strings.pastedText}.txt`;
        if (uploads) {
          void onFiles([new File([text], name, { type: "text/plain" })]);
        } else {
          setProblems([]);
          add([textAttachment(name, text)]);
        }
      }
    },
  };
}

function cancellation() {
  const controller = new AbortController();
  const { signal } = controller;
  const canceled = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
  return { signal, canceled, cancel: () => controller.abort() };
}

async function loadReading(): Promise<typeof import("./readFile")> {
  try {
    return await import("./readFile");
  } catch {
    throw new Error(strings.loadError);
  }
}

/** Takes files that are dropped anywhere on the page, where the browser would open them in its place, unless a dialog covers the message. */
function useDrop(onFiles: (files: Iterable<File>) => void): void {
  useEffect(() => {
    const mark = (over: boolean) => document.documentElement.classList.toggle("dropping", over);
    const hasFiles = (event: DragEvent) =>
      event.dataTransfer?.types.includes("Files") === true && document.querySelector("dialog[open]") === null;
    const onDragOver = (event: DragEvent) => {
      if (event.dataTransfer !== null && hasFiles(event)) {
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
        mark(true);
      }
    };
    const onDragLeave = (event: DragEvent) => event.relatedTarget === null && mark(false);
    const onDrop = (event: DragEvent) => {
      if (hasFiles(event)) {
        event.preventDefault();
        mark(false);
        onFiles([...(event.dataTransfer?.files ?? [])]);
      }
    };
    addEventListener("dragover", onDragOver);
    addEventListener("dragleave", onDragLeave);
    addEventListener("drop", onDrop);
    return () => {
      mark(false);
      removeEventListener("dragover", onDragOver);
      removeEventListener("dragleave", onDragLeave);
      removeEventListener("drop", onDrop);
    };
  }, [onFiles]);
}
