import { ChartColumn, ShieldCheck } from "lucide-react";
import { SidebarButton } from "../components/SidebarButton";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";

/** What administrators and approvers find in the side bar. Nothing for others. */
export function AdminLinks({ onChosen }: { readonly onChosen: () => void }) {
  const { conversations } = useServices();
  const roles = useChatState((state) => state.roles);
  const view = useChatState((state) => state.view);
  if (roles.length === 0) {
    return null;
  }
  const link = (target: "approvals" | "usage", label: string, Icon: typeof ShieldCheck) => (
    <SidebarButton
      Icon={Icon}
      label={label}
      current={view === target}
      onClick={() => {
        conversations.navigate(target);
        onChosen();
      }}
    />
  );
  return (
    <div className="border-line border-t p-2.5">
      {roles.includes("approver") && link("approvals", strings.approvals, ShieldCheck)}
      {roles.includes("administrator") && link("usage", strings.usageOfAll, ChartColumn)}
    </div>
  );
}
