import { Globe, Keyboard, ListTodo, Search, SquarePen, Zap } from "lucide-react";
import { AdminLinks } from "../admin/AdminLinks";
import { strings } from "../i18n/strings";
import { useChatState, useServices } from "../services";
import { AccountBar } from "../signin/AccountBar";
import { ChatList } from "./ChatList";
import { modifier } from "./keys";
import { SidebarButton } from "./SidebarButton";

interface SidebarProps {
  readonly onSearch: () => void;
  readonly onShortcuts: () => void;
  /** Called when a chat was chosen: on a narrow screen the list then closes. */
  readonly onChosen: () => void;
}

export function Sidebar({ onSearch, onShortcuts, onChosen }: SidebarProps) {
  const { conversations, signIn } = useServices();
  const view = useChatState((state) => state.view);
  return (
    <nav
      className="flex h-full w-72 max-w-[85vw] flex-col overflow-y-auto border-line border-e bg-raised/50"
      aria-label={strings.chats}
    >
      <div className="flex h-14 shrink-0 items-center gap-2 px-4 font-semibold">
        <span className="grid size-7 place-items-center rounded-lg bg-accent text-on-accent">
          <Zap size="1rem" fill="currentColor" aria-hidden />
        </span>
        FuncChat
      </div>
      <div className="space-y-0.5 px-2.5 pb-2">
        <SidebarButton
          Icon={SquarePen}
          label={strings.newChat}
          onClick={() => {
            void conversations.open(null);
            onChosen();
          }}
        />
        <SidebarButton Icon={Search} label={strings.searchChats} hint={`${modifier} K`} onClick={onSearch} />
        <SidebarButton
          Icon={Globe}
          label={strings.webSearch}
          current={view === "search"}
          onClick={() => {
            conversations.navigate("search");
            onChosen();
          }}
        />
        <SidebarButton
          Icon={ListTodo}
          label={strings.plan}
          current={view === "plan"}
          onClick={() => {
            conversations.navigate("plan");
            onChosen();
          }}
        />
      </div>
      <ChatList onChosen={onChosen} />
      <div className="hidden border-line border-t p-2.5 md:block">
        <SidebarButton Icon={Keyboard} label={strings.shortcuts} hint="?" onClick={onShortcuts} />
      </div>
      <AdminLinks onChosen={onChosen} />
      {signIn !== undefined && (
        <div className="border-line border-t p-2.5">
          <AccountBar signIn={signIn} />
        </div>
      )}
    </nav>
  );
}
