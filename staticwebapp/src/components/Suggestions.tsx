import { CornerDownRight } from "lucide-react";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { nextTurnOptions } from "../settings/chatSettings";

interface SuggestionsProps {
  readonly chatId: string;
  readonly texts: readonly string[];
}

/** What the user could say next. One press sends it. */
export default function Suggestions({ chatId, texts }: SuggestionsProps) {
  const { conversations, state } = useServices();
  return (
    <ul aria-label={strings.suggestions} className="flex flex-wrap gap-2 pt-1 print:hidden">
      {texts.map((text) => (
        <li key={text} className="max-w-full">
          <button
            type="button"
            className="flex max-w-full items-start gap-2 rounded-xl border border-line bg-surface px-3 py-1.5 text-start text-sm transition-colors hover:border-accent"
            onClick={() => void conversations.messages.send(text, nextTurnOptions(state.getState(), chatId))}
          >
            <CornerDownRight size="0.9375rem" className="mt-0.5 shrink-0 text-accent rtl:-scale-x-100" aria-hidden />
            <span className="[overflow-wrap:anywhere]" dir="auto">
              {text}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
