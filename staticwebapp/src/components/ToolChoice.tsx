import { Check, Wrench } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useChatState, useSettings } from "../services";
import { change } from "../settings/settings";
import { words } from "./format";

/** Which of the server's tools the model may call. */
export default function ToolChoice() {
  const tools = useChatState((state) => state.tools);
  const off = useSettings((settings) => settings.toolsOff);
  if (tools === undefined || tools.length === 0) {
    return <span />;
  }
  const on = tools.filter((tool) => !off.includes(tool.name));
  const label =
    on.length === tools.length ? "All tools" : on.length === 0 ? "No tools" : `${on.length} of ${tools.length} tools`;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="icon-button grid-flow-col gap-2 px-2.5 text-sm" aria-label={`Tools: ${label}`}>
        <Wrench size={16} aria-hidden />
        <span>{label}</span>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="z-20 max-h-(--radix-dropdown-menu-content-available-height) w-80 max-w-[calc(100vw-2rem)] overflow-y-auto rounded-xl border border-line bg-surface p-1.5 shadow-lg"
          align="start"
          sideOffset={8}
          collisionPadding={12}
        >
          {tools.map((tool) => (
            <DropdownMenu.CheckboxItem
              key={tool.name}
              className="flex gap-3 rounded-lg px-2.5 py-2 outline-none data-highlighted:bg-raised"
              checked={!off.includes(tool.name)}
              onCheckedChange={(checked) =>
                change({ toolsOff: checked ? off.filter((name) => name !== tool.name) : [...off, tool.name] })
              }
              onSelect={(event) => event.preventDefault()}
            >
              <span className="mt-1 size-4 shrink-0 text-accent">
                <DropdownMenu.ItemIndicator>
                  <Check size={16} aria-hidden />
                </DropdownMenu.ItemIndicator>
              </span>
              <span className="min-w-0">
                <span className="block font-medium text-sm">{words(tool.name)}</span>
                <span className="line-clamp-2 text-muted text-xs">{tool.description}</span>
              </span>
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
