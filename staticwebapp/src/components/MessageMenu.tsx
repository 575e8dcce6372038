import { Ellipsis } from "lucide-react";
import { lazy } from "react";
import type { ChatNode } from "../chat/tree";
import { useOnDemand } from "../hooks/useOnDemand";
import { strings } from "../i18n/strings";
import { Lazy } from "./Lazy";

const load = () => import("./MessageMenuItems");
const Items = lazy(load);

/** More that can be done with a message. The menu is loaded when it is about to be used. */
export function MessageMenu({ node }: { readonly node: ChatNode }) {
  const { opened, handlers } = useOnDemand(load);
  const button = (
    <button type="button" className="icon-button" aria-label={strings.more} title={strings.more} {...handlers}>
      <Ellipsis size={16} aria-hidden />
    </button>
  );
  return opened ? (
    <Lazy fallback={button} error={null}>
      <Items node={node} />
    </Lazy>
  ) : (
    button
  );
}
