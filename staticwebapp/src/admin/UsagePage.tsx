import { ChevronLeft, ChevronRight, Download } from "lucide-react";
import { useEffect, useState } from "react";
import { errorText } from "../api/problem";
import { save } from "../components/download";
import { bytes, count, money } from "../components/format";
import { language, strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { toast } from "../toast";
import type { AllUsage } from "./adminApi";
import { monthOf, shifted } from "./months";

/** What all users have used in a month, for administrators. */
export default function UsagePage() {
  const isAllowed = useChatState(({ roles }) => roles.includes("administrator"));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-5xl px-4 py-6">
        <h1 className="mb-1 font-semibold text-2xl tracking-tight">{strings.usageOfAll}</h1>
        {isAllowed ? <MonthUsage /> : <p className="text-muted">{strings.administratorsOnly}</p>}
      </div>
    </div>
  );
}

function MonthUsage() {
  const { admin } = useServices();
  const now = monthOf(new Date());
  const [month, setMonth] = useState(now);
  const [usage, setUsage] = useState<AllUsage>();
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => {
    const left = new AbortController();
    setTrouble(undefined);
    const read = async () => (await admin()).usage(month, left.signal);
    read().then(setUsage, (error: unknown) => {
      if (!left.signal.aborted) {
        setUsage(undefined);
        setTrouble(errorText(error, strings.unreachable));
      }
    });
    return () => left.abort();
  }, [admin, month]);

  const download = async () => {
    try {
      save(`usage-${month}.csv`, "text/csv", await (await admin()).usageCsv(month));
    } catch (error) {
      toast.error(errorText(error, strings.unreachable));
    }
  };
  const shown = usage?.month === month ? usage : undefined;
  return (
    <>
      <p className="mb-4 text-muted text-sm">{strings.usageOfAllText}</p>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <button
          type="button"
          className="icon-button"
          aria-label={strings.previousMonth}
          onClick={() => setMonth(shifted(month, -1))}
        >
          <ChevronLeft size="1.125rem" className="rtl:-scale-x-100" aria-hidden />
        </button>
        <span className="min-w-36 text-center font-medium" role="status">
          {nameOf(month)}
        </span>
        <button
          type="button"
          className="icon-button aria-disabled:opacity-45"
          aria-label={strings.nextMonth}
          aria-disabled={month >= now}
          onClick={() => month < now && setMonth(shifted(month, 1))}
        >
          <ChevronRight size="1.125rem" className="rtl:-scale-x-100" aria-hidden />
        </button>
        <button type="button" className="button ms-auto text-sm" onClick={() => void download()}>
          <Download size="0.9375rem" aria-hidden /> {strings.downloadCsv}
        </button>
      </div>
      {trouble !== undefined && (
        <p role="alert" className="text-bad text-sm">
          {trouble}
        </p>
      )}
      {shown !== undefined &&
        (shown.users.length === 0 ? (
          <p className="text-muted">{strings.noUsage}</p>
        ) : (
          <UsageTable usage={shown} label={`${strings.usageOfAll}, ${nameOf(month)}`} />
        ))}
    </>
  );
}

function UsageTable({ usage, label }: { readonly usage: AllUsage; readonly label: string }) {
  const { users, total, currency } = usage;
  const hasCost = currency !== undefined;
  return (
    <section className="overflow-x-auto rounded-xl border border-line" tabIndex={0} aria-label={label}>
      <table className="w-full text-sm">
        <thead className="bg-raised/60 text-muted">
          <tr className="text-end [&>th]:px-3 [&>th]:py-2 [&>th]:font-medium">
            <th className="text-start" scope="col">
              {strings.user}
            </th>
            <th scope="col">{strings.tokensColumn}</th>
            {hasCost && <th scope="col">{strings.costColumn}</th>}
            <th scope="col">{strings.toolRuns}</th>
            <th scope="col">{strings.stored}</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {users.map(({ user, name, ...amounts }) => (
            <tr key={user}>
              <th className="max-w-72 truncate px-3 py-2 text-start font-normal" scope="row" dir="auto" title={user}>
                {name ?? user}
              </th>
              <Amounts amounts={amounts} currency={currency} />
            </tr>
          ))}
        </tbody>
        <tfoot className="border-line border-t font-medium">
          <tr>
            <th className="px-3 py-2 text-start font-medium" scope="row">
              {strings.total}
            </th>
            <Amounts amounts={total} currency={currency} />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

interface AmountsProps {
  readonly amounts: AllUsage["total"];
  readonly currency: string | undefined;
}

function Amounts({ amounts, currency }: AmountsProps) {
  const cell = "px-3 py-2 text-end tabular-nums whitespace-nowrap";
  return (
    <>
      <td className={cell}>{count(amounts.tokens)}</td>
      {currency !== undefined && <td className={cell}>{money(amounts.cost ?? 0, currency)}</td>}
      <td className={cell}>{count(amounts.tool_runs)}</td>
      <td className={cell}>{bytes(amounts.bytes)}</td>
    </>
  );
}

function nameOf(month: string): string {
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString(language.getState(), {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
}
