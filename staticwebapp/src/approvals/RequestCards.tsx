import type { AssistantNode } from "../chat/tree";
import { ApprovalCard } from "./ApprovalCard";
import { QuestionCard } from "./QuestionCard";

/** What an answer asks the user, each request with its own buttons. */
export function RequestCards({ node }: { readonly node: AssistantNode }) {
  return (node.turn.requests ?? []).map((request) =>
    request.type === "approval" ? (
      <ApprovalCard key={request.id} node={node} request={request} />
    ) : (
      <QuestionCard key={request.id} node={node} request={request} />
    ),
  );
}
