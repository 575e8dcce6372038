import type { AssistantNode } from "../chat/tree";
import { ActionCard } from "./ActionCard";
import { ApprovalCard } from "./ApprovalCard";
import { BudgetCard } from "./BudgetCard";
import { QuestionCard } from "./QuestionCard";

/** What an answer asks the user, each request with its own buttons. */
export default function RequestCards({ node }: { readonly node: AssistantNode }) {
  return (node.turn.requests ?? []).map((request) => {
    switch (request.type) {
      case "approval":
        return <ApprovalCard key={request.id} node={node} request={request} />;
      case "input":
        return request.url !== undefined || request.sign_in !== undefined ? (
          <ActionCard key={request.id} node={node} request={request} />
        ) : (
          <QuestionCard key={request.id} node={node} request={request} />
        );
      default:
        return <BudgetCard key={request.id} node={node} request={request} />;
    }
  });
}
