import { MessageCircleQuestion, ShieldQuestion, Wallet } from "lucide-react";
import { type ReactNode, useId, useRef } from "react";
import { when } from "../components/format";
import { isEscape } from "../components/keys";
import { useToday } from "../hooks/useToday";
import { strings } from "../i18n/strings";
import { usePassedKeyboard } from "./usePassedKeyboard";

const icons = { approval: ShieldQuestion, question: MessageCircleQuestion, budget: Wallet };

interface RequestCardProps {
  readonly kind: "approval" | "question" | "budget";
  readonly title: string;
  readonly expiresAt: string;
  /** Whether the user has answered, also before the server has it. */
  readonly sending?: boolean;
  /** Whether the server has the user's answer. */
  readonly sent?: boolean;
  readonly children: ReactNode;
}

export function RequestCard({ kind, title, expiresAt, sending = false, sent = false, children }: RequestCardProps) {
  const titleId = useId();
  const card = useRef<HTMLElement>(null);
  usePassedKeyboard(card, sending);
  useToday();
  const Icon = icons[kind];
  return (
    <section
      ref={card}
      aria-labelledby={titleId}
      className="space-y-3 rounded-2xl border border-line bg-surface p-4"
      data-request
      tabIndex={-1}
      // Esc would stop the answer, and with it end what is typed here.
      onKeyDown={(event) => isEscape(event) && event.preventDefault()}
    >
      <h2 id={titleId} className="flex items-center gap-2 font-semibold">
        <Icon size="1.125rem" className="shrink-0" aria-hidden /> {title}
      </h2>
      {children}
      <p role="status" className="text-muted text-xs">
        {sent ? strings.answerSent : strings.expiresAt(when(Date.parse(expiresAt)))}
      </p>
    </section>
  );
}
