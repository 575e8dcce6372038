import type { AssistantNode } from "../chat/tree";
import { ApprovalCard } from "./ApprovalCard";
import { BudgetCard } from "./BudgetCard";
import { QuestionCard } from "./QuestionCard";

/** What an answer asks the user, each request with its own buttons. */
export function RequestCards({ node }: { readonly node: AssistantNode }) {
  return (node.turn.requests ?? []).map((request) => {
    switch (request.type) {
      case "approval":
        return <ApprovalCard key={request.id} node={node} request={request} />;
      case "input":
        return <QuestionCard key={request.id} node={node} request={request} />;
      default:
        return <BudgetCard key={request.id} node={node} request={request} />;
    }
  });
}
