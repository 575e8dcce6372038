import { Wallet } from "lucide-react";
import type { BudgetWarningData } from "../api/events";
import { strings } from "../i18n/strings";
import { amountOf, budgetName } from "./budgets";

/** Most of a budget is used. */
export default function BudgetNote({
  warning: { limit, used, allowed, currency },
}: {
  readonly warning: BudgetWarningData;
}) {
  return (
    <p className="flex items-center gap-2 text-muted text-sm">
      <Wallet size="0.9375rem" className="shrink-0" aria-hidden />
      {`${budgetName(limit)}: ${strings.budgetUsed(amountOf(used, currency), amountOf(allowed, currency))}`}
    </p>
  );
}
