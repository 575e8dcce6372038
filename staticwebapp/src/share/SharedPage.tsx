import { Eye, MessageSquarePlus } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { errorTextOrMissing } from "../api/problem";
import { createChatState } from "../chat/state";
import { when } from "../components/format";
import { MessageList } from "../components/MessageList";
import { useToday } from "../hooks/useToday";
import { strings } from "../i18n/strings";
import { type Services, ServicesContext, useServices } from "../services";
import { toast } from "../toast";
import { continueShared } from "./continueShared";
import type { Shared } from "./shareApi";
import { type ReadChat, toChat } from "./sharedChat";

interface SharedPageProps {
  readonly shareId: string;
  /** Offered instead of the copy, where a user must sign in first. */
  readonly action?: ReactNode;
}

interface Read extends ReadChat {
  readonly shared: Shared;
}

/** A shared chat, to read. Its text is as untrusted as a model's, and is drawn by the same components. */
export default function SharedPage({ shareId, action }: SharedPageProps) {
  const services = useServices();
  const { shares } = services;
  const [read, setRead] = useState<Read>();
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => {
    const left = new AbortController();
    setRead(undefined);
    setTrouble(undefined);
    const open = async () => (await shares()).open(shareId, left.signal);
    open().then(
      (shared) => setRead({ shared, ...toChat(shared) }),
      (error: unknown) => left.signal.aborted || setTrouble(errorTextOrMissing(error, strings.sharedNotFound)),
    );
    return () => left.abort();
  }, [shares, shareId]);

  if (trouble !== undefined) {
    return (
      <p role="alert" className="m-auto max-w-md p-6 text-center">
        {trouble}
      </p>
    );
  }
  if (read === undefined) {
    return (
      <p role="status" className="m-auto p-6 text-muted">
        {strings.loadingShared}
      </p>
    );
  }
  return (
    <>
      <SharedNote read={read} action={action} />
      <Reader services={services} read={read} />
    </>
  );
}

function SharedNote({ read, action }: { readonly read: Read; readonly action: ReactNode }) {
  const services = useServices();
  const [copying, setCopying] = useState(false);
  useToday();
  const isShown = useRef(true);
  const { shared } = read;
  const copy = async () => {
    setCopying(true);
    try {
      await continueShared(services, shared.id, read, () => isShown.current);
    } catch (error) {
      setCopying(false);
      toast.error(errorTextOrMissing(error, strings.sharedNotFound));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, and not again after Back
  useEffect(() => {
    isShown.current = true;
    if (services.conversations.takeContinuation()) {
      void copy();
    }
    return () => {
      isShown.current = false;
    };
  }, []);
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-2">
      <div className="flex flex-wrap items-center gap-3 rounded-xl border border-line bg-raised/60 px-4 py-3 text-sm">
        <Eye size="1.125rem" className="shrink-0 text-muted" aria-hidden />
        <div className="min-w-0 flex-1 basis-56">
          <p className="truncate font-medium" dir="auto">
            {shared.title}
          </p>
          <p className="text-muted">{strings.sharedNote(when(Date.parse(shared.updated_at)))}</p>
        </div>
        {action ?? (
          <button type="button" className="button" aria-disabled={copying} onClick={() => copying || void copy()}>
            <MessageSquarePlus size="1rem" aria-hidden /> {copying ? strings.copyingShared : strings.continueShared}
          </button>
        )}
        {shared.instructions !== undefined && (
          <details className="basis-full">
            <summary className="cursor-pointer text-muted">{strings.instructions}</summary>
            <p className="mt-1 max-h-48 overflow-y-auto whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
              {shared.instructions}
            </p>
          </details>
        )}
      </div>
    </div>
  );
}

/** The page's own components, over the shared chat alone. */
function Reader({ services, read }: { readonly services: Services; readonly read: Read }) {
  const reader = useMemo((): Services => {
    const { chat, nodes, shared } = read;
    const state = createChatState();
    state.setState({
      chats: new Map([[chat.id, chat]]),
      nodes: new Map([[chat.id, nodes]]),
      openId: chat.id,
      ready: true,
    });
    const api = {
      ...services.api,
      fileContent: async (fileId: string, signal?: AbortSignal) =>
        (await services.shares()).file(shared.id, fileId, signal),
    };
    return { ...services, api, state, readOnly: true };
  }, [services, read]);
  return (
    <ServicesContext value={reader}>
      <MessageList key={read.chat.id} chatId={read.chat.id} />
    </ServicesContext>
  );
}
