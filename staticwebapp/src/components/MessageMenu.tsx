import { Ellipsis } from "lucide-react";
import type { ChatNode } from "../chat/tree";
import { strings } from "../i18n/strings";
import { OnDemandMenu } from "./OnDemandMenu";
import { onDemand } from "./onDemand";

const load = () => import("./MessageMenuItems");
const Items = onDemand(load);

/** More that can be done with a message. */
export function MessageMenu({ node }: { readonly node: ChatNode }) {
  const button = {
    className: "icon-button",
    "aria-label": strings.more,
    title: strings.more,
    children: <Ellipsis size="1rem" aria-hidden />,
  };
  return (
    <OnDemandMenu load={load} button={button}>
      <Items button={button} node={node} />
    </OnDemandMenu>
  );
}
