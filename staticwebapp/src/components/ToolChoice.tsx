import { Wrench } from "lucide-react";
import { strings } from "../i18n/strings";
import { useChatState, useSettings } from "../services";
import { chatOptionsOf } from "../settings/chatSettings";
import { OnDemandMenu } from "./OnDemandMenu";
import { onDemand } from "./onDemand";

const load = () => import("./ToolMenu");
const ToolMenu = onDemand(load);

/** Which of the server's tools the model may call in this chat. */
export function ToolChoice({ chatId }: { readonly chatId: string | null }) {
  const tools = useChatState((state) => state.tools);
  const own = useChatState((state) => chatOptionsOf(state, chatId).toolsOff);
  const byDefault = useSettings((settings) => settings.toolsOff);
  if (tools === undefined || tools.length === 0) {
    return null;
  }
  const off = own ?? byDefault;
  const on = tools.filter((tool) => !off.includes(tool.name)).length;
  const label =
    on === tools.length ? strings.allTools : on === 0 ? strings.noTools : strings.someTools(on, tools.length);
  const button = {
    className: "icon-button grid-flow-col gap-2 px-2.5 text-sm",
    "aria-label": strings.tools(label),
    children: (
      <>
        <Wrench size="1rem" aria-hidden />
        {/* On a phone, the buttons share one line. */}
        <span className="max-[26rem]:sr-only">{label}</span>
      </>
    ),
  };
  return (
    <OnDemandMenu load={load} button={button}>
      <ToolMenu button={button} chatId={chatId} tools={tools} off={off} />
    </OnDemandMenu>
  );
}
