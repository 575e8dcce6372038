import { ExternalLink } from "lucide-react";
import { useState } from "react";
import type { InputRequestData } from "../api/events";
import type { AssistantNode } from "../chat/tree";
import { useAttempt } from "../hooks/useAttempt";
import { strings } from "../i18n/strings";
import { useServices } from "../services";
import { RequestCard } from "./RequestCard";
import { TwoAnswers } from "./TwoAnswers";
import { useAnswer } from "./useAnswer";

interface ActionCardProps {
  readonly node: AssistantNode;
  readonly request: InputRequestData;
}

/** What a tool asks the user to do outside of the chat: to open a page, or to sign in to a server. */
export function ActionCard({ node, request: { id, message, url, sign_in: server, expires_at } }: ActionCardProps) {
  const { sending, sent, answer } = useAnswer(node);
  return (
    <RequestCard kind="question" title={strings.actionTitle} expiresAt={expires_at} sending={sending} sent={sent}>
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]" dir="auto">
        {message}
      </p>
      {url !== undefined && <PageLink url={url} />}
      {server !== undefined && <ServerSignIn server={server} />}
      <TwoAnswers
        yes={strings.done}
        no={strings.declineAction}
        sending={sending}
        onYes={() => void answer({ type: "answer", request_id: id, content: "{}" })}
        onNo={() => void answer({ type: "deny", request_id: id })}
      />
    </RequestCard>
  );
}

/** The page, whose address may be hostile: its host stands out, and all of it is shown. Only https opens. */
function PageLink({ url }: { readonly url: string }) {
  const page = URL.parse(url);
  if (page === null || (page.protocol !== "https:" && page.protocol !== "http:")) {
    return <p className="text-bad text-sm">{strings.unsafeAddress}</p>;
  }
  return (
    <div className="space-y-1">
      <OutsideLink address={page.href} />
      <p className="text-muted text-xs [overflow-wrap:anywhere]" dir="ltr">
        {page.href}
      </p>
    </div>
  );
}

function ServerSignIn({ server }: { readonly server: string }) {
  const { api } = useServices();
  const { busy, attempt } = useAttempt();
  const [address, setAddress] = useState<string>();
  return address === undefined ? (
    <button
      type="button"
      className="button"
      disabled={busy}
      onClick={() => void attempt(async () => setAddress(await api.signInToServer(server)))}
    >
      {strings.signInTo(server)}
    </button>
  ) : (
    <OutsideLink address={address} />
  );
}

function OutsideLink({ address }: { readonly address: string }) {
  return (
    <a className="button inline-flex" href={address} target="_blank" rel="noopener noreferrer">
      <ExternalLink size="1rem" className="shrink-0" aria-hidden /> {strings.continueAt(new URL(address).host)}
    </a>
  );
}
