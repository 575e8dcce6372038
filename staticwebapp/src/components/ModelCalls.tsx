import { contextLimit, tokensAfter } from "../chat/contextUse";
import type { ModelCall } from "../chat/modelCalls";
import type { AssistantNode } from "../chat/tree";
import { usageOf } from "../chat/usage";
import { strings } from "../i18n/strings";
import { useChatState, useNodes } from "../services";
import { count, duration, money, percent, serverWord } from "./format";
import { toolTitle } from "./tools";

/** Every model call of a turn, in a table under its answer. */
export default function ModelCalls({ node }: { readonly node: AssistantNode }) {
  const { turn } = node;
  const currency = useChatState((state) => state.limits.currency);
  const chat = usageOf(useNodes(node.chatId));
  const priced = turn.calls.some(({ usage }) => usage?.cost !== undefined);
  const context = tokensAfter(turn.calls);
  const limit = useChatState(({ models }) =>
    contextLimit(models?.find(({ id }) => id === `${turn.provider}:${turn.model}`)),
  );
  return (
    <section
      className="overflow-x-auto rounded-xl border border-line bg-surface"
      aria-label={strings.callsTable}
      tabIndex={0}
    >
      <table className="w-full whitespace-nowrap text-start text-xs tabular-nums [&_td]:px-3 [&_td]:py-1.5 [&_th]:px-3 [&_th]:py-2 [&_th]:text-start [&_th]:font-medium">
        <thead className="bg-raised text-muted">
          <tr>
            <th scope="col">{strings.phase}</th>
            <th scope="col">{strings.model}</th>
            <th scope="col">{strings.tokensIn}</th>
            <th scope="col">{strings.tokensOut}</th>
            {priced && <th scope="col">{strings.cost}</th>}
            <th scope="col">{strings.firstToken}</th>
            <th scope="col">{strings.duration}</th>
            <th scope="col">{strings.finishReason}</th>
          </tr>
        </thead>
        <tbody>
          {turn.calls.map((call, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: calls are only ever added
            <Row key={index} call={call} over={turn.status !== "running"} priced={priced} />
          ))}
        </tbody>
        {turn.usage !== undefined && (
          <tfoot className="border-line border-t font-medium">
            <tr>
              <td colSpan={2}>{strings.total}</td>
              <td>{count(turn.usage.input_tokens)}</td>
              <td>{count(turn.usage.output_tokens)}</td>
              {priced && <td>{money(turn.usage.cost ?? 0, undefined)}</td>}
              <td colSpan={3} />
            </tr>
          </tfoot>
        )}
      </table>
      {chat.tokens > 0 && (
        <p className="border-line border-t px-3 py-2 text-muted text-xs">
          {strings.chatTotal(
            [strings.tokens(count(chat.tokens)), ...(chat.cost > 0 ? [money(chat.cost, currency)] : [])].join(" · "),
          )}
        </p>
      )}
      {context !== undefined && (
        <p className="border-line border-t px-3 py-2 text-muted text-xs">
          {limit === undefined
            ? strings.contextTokens(count(context))
            : strings.contextUsed(count(context), count(limit), percent(context / limit))}
        </p>
      )}
    </section>
  );
}

interface RowProps {
  readonly call: ModelCall;
  readonly over: boolean;
  /** Whether any call has a cost. */
  readonly priced: boolean;
}

function Row({ call, over, priced }: RowProps) {
  const none = "–";
  const end =
    call.state === "void"
      ? strings.retried
      : call.finishReason !== undefined
        ? serverWord(call.finishReason)
        : over
          ? strings.unfinished
          : strings.running;
  return (
    <tr className={call.state === "void" ? "text-muted line-through" : "border-line border-t"}>
      <td>
        {serverWord(call.phase)}
        {call.tool !== undefined && <span className="text-muted"> · {toolTitle(call.tool)}</span>}
      </td>
      <td>{`${call.provider}:${call.model}`}</td>
      <td>{call.usage ? count(call.usage.input_tokens) : none}</td>
      <td>{call.usage ? count(call.usage.output_tokens) : none}</td>
      {priced && <td>{call.usage?.cost === undefined ? none : money(call.usage.cost, undefined)}</td>}
      <td>{call.firstTokenMs === undefined ? none : duration(call.firstTokenMs)}</td>
      <td>{call.durationMs === undefined ? none : duration(call.durationMs)}</td>
      <td>{end}</td>
    </tr>
  );
}
