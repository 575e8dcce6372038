import { Ellipsis } from "lucide-react";
import { lazy } from "react";
import type { ChatNode } from "../chat/tree";
import { useOnDemand } from "../hooks/useOnDemand";
import { strings } from "../i18n/strings";
import { Lazy } from "./Lazy";

const Items = lazy(() => import("./MessageMenuItems"));

/** More that can be done with a message. The menu is loaded when the pointer or the keyboard reaches its button. */
export function MessageMenu({ node }: { readonly node: ChatNode }) {
  const { wanted, pressed, handlers } = useOnDemand();
  const button = (
    <button type="button" className="icon-button" aria-label={strings.more} title={strings.more} {...handlers}>
      <Ellipsis size={16} aria-hidden />
    </button>
  );
  return wanted ? (
    <Lazy fallback={button} error={null}>
      <Items node={node} defaultOpen={pressed} />
    </Lazy>
  ) : (
    button
  );
}
