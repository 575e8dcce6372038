import { Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { deleteAllChats } from "../storage/deleteChat";
import { toast } from "../toast";

const focus = (button: HTMLButtonElement | null) => button?.focus();

/** Deletes all chats, once the user has confirmed it. */
export function DeleteAllChats({ onDeleted }: { readonly onDeleted: () => void }) {
  const { conversations, signIn, offline } = useServices();
  const count = useChatState(({ chats }) => chats.size);
  const [phase, setPhase] = useState<"offered" | "asking" | "deleting">("offered");
  const offer = useRef<HTMLButtonElement>(null);
  if (phase === "offered") {
    return (
      <button
        ref={offer}
        type="button"
        className="button max-w-full text-bad text-sm wrap-anywhere"
        disabled={count === 0}
        onClick={() => setPhase("asking")}
      >
        <Trash2 size="0.9375rem" aria-hidden /> {strings.deleteAllChats}
      </button>
    );
  }
  const remove = async () => {
    setPhase("deleting");
    if (await deleteAllChats(conversations)) {
      toast.success(strings.allChatsDeleted);
    }
    onDeleted(); // an open dialog would cover the toast
  };
  return (
    <section className="w-full rounded-xl bg-bad-soft p-3.5 text-sm" aria-label={strings.deleteAllChats}>
      <p className="mb-2.5">
        {strings.confirmDeleteAll(count)}{" "}
        {signIn === undefined && !offline ? strings.deletedHere : strings.deletedEverywhere}
      </p>
      <div className="flex flex-wrap gap-2">
        {/* The button that asked is gone; the keyboard continues with the answer that deletes nothing. */}
        <button
          type="button"
          className="button max-w-full text-sm wrap-anywhere"
          ref={focus}
          disabled={phase === "deleting"}
          onClick={() => {
            flushSync(() => setPhase("offered"));
            offer.current?.focus();
          }}
        >
          {strings.cancel}
        </button>
        <button
          type="button"
          className="button max-w-full text-bad text-sm wrap-anywhere"
          disabled={phase === "deleting"}
          onClick={() => void remove()}
        >
          {strings.deleteChats(count)}
        </button>
      </div>
    </section>
  );
}
