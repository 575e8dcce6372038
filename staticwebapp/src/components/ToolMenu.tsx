import { Check } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ToolInfo } from "../api/serverInfo";
import { useServices } from "../services";
import { change } from "../settings/settings";
import { Menu } from "./Menu";
import type { MenuButton } from "./OnDemandMenu";
import { toolDescription, toolTitle } from "./tools";

interface ToolMenuProps {
  readonly button: MenuButton;
  readonly chatId: string | null;
  readonly tools: readonly ToolInfo[];
  readonly off: readonly string[];
}

/** Turns tools on and off for a chat. The last choice is also the one of new chats. */
export default function ToolMenu({ button, chatId, tools, off }: ToolMenuProps) {
  const { conversations } = useServices();
  return (
    <Menu
      part="main"
      button={button}
      className="z-20 max-h-(--radix-dropdown-menu-content-available-height) w-80 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-lg"
      sideOffset={8}
    >
      {tools.map((tool) => (
        <DropdownMenu.CheckboxItem
          key={tool.name}
          className="flex gap-3 rounded-lg px-2.5 py-2 outline-none data-highlighted:bg-raised"
          checked={!off.includes(tool.name)}
          onCheckedChange={(checked) => {
            const toolsOff = checked ? off.filter((name) => name !== tool.name) : [...off, tool.name];
            change({ toolsOff });
            void conversations.chats.configure(chatId, { toolsOff });
          }}
          onSelect={(event) => event.preventDefault()}
        >
          <span className="mt-1 size-4 shrink-0 text-accent">
            <DropdownMenu.ItemIndicator>
              <Check size="1rem" aria-hidden />
            </DropdownMenu.ItemIndicator>
          </span>
          <span className="min-w-0">
            <span className="block font-medium text-sm">{toolTitle(tool.name)}</span>
            <span className="block text-muted text-xs">{toolDescription(tool)}</span>
          </span>
        </DropdownMenu.CheckboxItem>
      ))}
    </Menu>
  );
}
