import { useEffect, useState } from "react";
import type { UsageSummary } from "../api/serverInfo";
import { amountOf, budgetName } from "../approvals/budgets";
import { strings } from "../i18n/strings";
import { useServices } from "../services";

/** What the user has used in this month, and of each budget. Nothing if the server has neither prices nor budgets. */
export function UsageNote() {
  const { api } = useServices();
  const [usage, setUsage] = useState<UsageSummary>();
  useEffect(() => {
    const closed = new AbortController();
    api.usage(closed.signal).then(setUsage, () => undefined); // the usage is unknown while the server is unreachable
    return () => closed.abort();
  }, [api]);
  if (usage === undefined || (usage.currency === undefined && usage.budgets.length === 0)) {
    return null;
  }
  return (
    <div>
      <h3 className="mb-1 font-medium text-sm">{strings.usage}</h3>
      <ul className="text-sm" aria-label={strings.usage}>
        <Row
          name={strings.thisMonth}
          value={amountOf(
            usage.costThisMonth ?? usage.tokensThisMonth,
            usage.costThisMonth === undefined ? undefined : usage.currency,
          )}
        />
        {usage.budgets.map(({ name, used, allowed, currency }) => (
          <Row
            key={name}
            name={budgetName(name)}
            value={strings.budgetUsed(amountOf(used, currency), amountOf(allowed, currency))}
          />
        ))}
      </ul>
    </div>
  );
}

function Row({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <li className="flex flex-wrap justify-between gap-x-3 py-1">
      <span>{name}</span>
      <span className="text-end text-muted">{value}</span>
    </li>
  );
}
