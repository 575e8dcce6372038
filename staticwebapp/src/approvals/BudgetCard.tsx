import type { BudgetRequestData } from "../api/events";
import type { AssistantNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { amountOf, budgetName } from "./budgets";
import { RequestCard } from "./RequestCard";
import { TwoAnswers } from "./TwoAnswers";
import { useAnswer } from "./useAnswer";

interface BudgetCardProps {
  readonly node: AssistantNode;
  readonly request: BudgetRequestData;
}

/** A budget that has no room for the next model call. Only an administrator can raise it; the server decides who is one. */
export function BudgetCard({ node, request }: BudgetCardProps) {
  const { sending, sent, answer } = useAnswer(node);
  const { id, limit, used, allowed, raise, currency, expires_at: expiresAt } = request;
  return (
    <RequestCard
      kind="budget"
      title={strings.budgetTitle(budgetName(limit))}
      expiresAt={expiresAt}
      sending={sending}
      sent={sent}
    >
      <p className="text-sm">
        {allowed === undefined
          ? amountOf(used, currency)
          : strings.budgetUsed(amountOf(used, currency), amountOf(allowed, currency))}
      </p>
      <p className="text-muted text-sm">{strings.budgetByAdministrators}</p>
      <TwoAnswers
        yes={raise === undefined ? strings.raiseBudget : strings.raiseBudgetBy(amountOf(raise, currency))}
        no={strings.endAnswer}
        sending={sending}
        onYes={() => void answer({ type: "approve", request_id: id })}
        onNo={() => void answer({ type: "deny", request_id: id })}
      />
    </RequestCard>
  );
}
