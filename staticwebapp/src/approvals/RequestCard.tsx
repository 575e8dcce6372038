import { MessageCircleQuestion, ShieldQuestion, Wallet } from "lucide-react";
import { type ReactNode, useId } from "react";
import { when } from "../components/format";
import { strings } from "../i18n/strings";

const icons = { approval: ShieldQuestion, question: MessageCircleQuestion, budget: Wallet };

interface RequestCardProps {
  readonly kind: "approval" | "question" | "budget";
  readonly title: string;
  readonly expiresAt: string;
  /** Whether the server has the user's answer. */
  readonly sent?: boolean;
  readonly children: ReactNode;
}

export function RequestCard({ kind, title, expiresAt, sent = false, children }: RequestCardProps) {
  const titleId = useId();
  const Icon = icons[kind];
  return (
    <section aria-labelledby={titleId} className="space-y-3 rounded-2xl border border-line bg-surface p-4">
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
