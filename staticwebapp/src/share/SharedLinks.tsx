import { Link2Off } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { errorText } from "../api/problem";
import { focusIfLost } from "../components/focusIfLost";
import { when } from "../components/format";
import { useToday } from "../hooks/useToday";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { toast } from "../toast";
import { linkOf, type SharedChat } from "./shareApi";

/** The chats that the user shares. Nothing if there are none, or no sign-in. */
export default function SharedLinks() {
  const { shares, signIn } = useServices();
  useToday();
  const [chats, setChats] = useState<readonly SharedChat[]>([]);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (signIn === undefined) {
      return undefined;
    }
    const closed = new AbortController();
    const read = async () => (await shares()).list(closed.signal);
    read().then(setChats, () => undefined); // unknown while the server is unreachable
    return () => closed.abort();
  }, [shares, signIn]);
  const stop = async ({ id }: SharedChat) => {
    try {
      await (await shares()).stop(id);
      const dialog = list.current?.closest("dialog");
      flushSync(() => setChats((current) => current.filter((chat) => chat.id !== id)));
      focusIfLost(() => (list.current ?? dialog)?.querySelector("button"));
    } catch (error) {
      toast.error(errorText(error, strings.sharedNotFound));
    }
  };
  if (chats.length === 0) {
    return null;
  }
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">{strings.sharedChats}</h3>
      <ul ref={list} className="max-h-48 overflow-y-auto text-sm" aria-label={strings.sharedChats}>
        {chats.map((chat) => (
          <li key={chat.id} className="flex items-center gap-2 py-0.5">
            <a
              className="min-w-0 flex-1 truncate underline underline-offset-2"
              dir="auto"
              href={linkOf(chat.share_id)}
              target="_blank"
              rel="noreferrer"
            >
              {chat.title}
            </a>
            <span className="shrink-0 text-muted text-xs">{when(Date.parse(chat.shared_at))}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={strings.stopSharingOf(chat.title)}
              title={strings.stopSharing}
              onClick={() => void stop(chat)}
            >
              <Link2Off size="0.9375rem" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
