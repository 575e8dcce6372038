import { contextLimit, contextTokens } from "../chat/contextUse";
import { useCurrentModel } from "../hooks/useCurrentModel";
import { strings } from "../i18n/strings";
import { useChatState } from "../services";
import { count, percent } from "./format";

/** From here on, the number is shown next to the ring. */
const noticeable = 0.5;

/** From here on, the user should know what to do. */
const nearlyFull = 0.9;

const radius = 7;
const around = 2 * Math.PI * radius;

/** How full the context of the model is that answers next. Nothing where the model's limit is unknown. */
export function ContextMeter({ chatId }: { readonly chatId: string | null }) {
  const limit = contextLimit(useCurrentModel(chatId));
  const tokens = useChatState(({ chats, nodes }) =>
    contextTokens(nodes.get(chatId ?? ""), chats.get(chatId ?? "")?.leafId ?? null),
  );
  if (limit === undefined || tokens === undefined) {
    return null;
  }
  const share = Math.min(1, tokens / limit);
  const text = strings.contextUsed(count(tokens), count(limit), percent(share));
  const full = share >= nearlyFull;
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers draw a meter element as a bar
    <span
      role="meter"
      aria-label={strings.context}
      aria-valuemin={0}
      aria-valuemax={limit}
      aria-valuenow={tokens}
      aria-valuetext={text}
      title={full ? `${text} ${strings.contextNearlyFull}` : text}
      className={`flex h-9 items-center gap-1.5 px-2 text-xs tabular-nums ${full ? "text-bad" : "text-muted"}`}
    >
      <svg
        viewBox="0 0 18 18"
        width="1.125rem"
        height="1.125rem"
        fill="none"
        strokeWidth={3}
        className="-rotate-90"
        aria-hidden
      >
        <circle cx={9} cy={9} r={radius} className="stroke-line" />
        <circle cx={9} cy={9} r={radius} stroke="currentColor" strokeDasharray={`${share * around} ${around}`} />
      </svg>
      {share >= noticeable && percent(share)}
    </span>
  );
}
