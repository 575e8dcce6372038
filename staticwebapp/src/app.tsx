import { Fragment, useEffect, useRef, useState } from "react";
import type { View } from "./chat/state";
import { ChatsDrawer } from "./components/ChatsDrawer";
import { Composer } from "./components/Composer";
import { EmptyState } from "./components/EmptyState";
import { ErrorBoundary } from "./components/ErrorBoundary";
import { Lazy } from "./components/Lazy";
import { LazyDialog } from "./components/LazyDialog";
import { LazyToasts } from "./components/LazyToasts";
import { LoadError } from "./components/LoadError";
import { MessageList } from "./components/MessageList";
import { onDemand } from "./components/onDemand";
import { Sidebar } from "./components/Sidebar";
import { TopBar } from "./components/TopBar";
import { useMedia } from "./hooks/useMedia";
import { useShortcuts } from "./hooks/useShortcuts";
import { strings } from "./i18n/strings";
import { useChatState, useServices, useSettings } from "./services";
import { change } from "./settings/settings";

const SearchPage = onDemand(() => import("./search/SearchPage"));
const SharedPage = onDemand(() => import("./share/SharedPage"));
const PlanPage = onDemand(() => import("./plan/PlanPage"));
const UsagePage = onDemand(() => import("./admin/UsagePage"));
const ApprovalsPage = onDemand(() => import("./admin/ApprovalsPage"));

const pages = { search: SearchPage, plan: PlanPage, usage: UsagePage, approvals: ApprovalsPage };

const titles = (): { readonly [view in View]?: string } => ({
  search: strings.webSearch,
  plan: strings.plan,
  shared: strings.sharedChat,
  usage: strings.usageOfAll,
  approvals: strings.approvals,
});

const SearchDialog = onDemand(() => import("./components/SearchDialog"));
const SettingsDialog = onDemand(() => import("./components/SettingsDialog"));
const ShortcutsDialog = onDemand(() => import("./components/ShortcutsDialog"));

const dialogs = { search: SearchDialog, settings: SettingsDialog, shortcuts: ShortcutsDialog };

export function App() {
  const { conversations } = useServices();
  const openId = useChatState((current) => current.openId);
  const view = useChatState((current) => current.view);
  const title = useChatState((current) => titles()[current.view] ?? current.chats.get(openId ?? "")?.title);
  const sharedId = useChatState((current) => current.sharedId);
  const wide = useMedia("(min-width: 48rem)");
  const chatsDocked = useSettings(({ chatsBeside }) => chatsBeside) && wide;
  const [drawerOpen, openDrawer] = useState(false);
  const over = drawerOpen && !wide;
  const [dialog, setDialog] = useState<keyof typeof dialogs>();
  const input = useRef<HTMLTextAreaElement>(null);
  const Page = view === "chat" || view === "shared" ? Fragment : pages[view];
  const OpenDialog = dialog === undefined ? undefined : dialogs[dialog];
  const closeDialog = () => setDialog(undefined);

  useEffect(() => {
    document.title = title === undefined ? "FuncChat" : `${title} – FuncChat`;
  }, [title]);
  useShortcuts({
    search: () => setDialog("search"),
    list: () => setDialog("shortcuts"),
    newChat: () => void conversations.open(null),
    type: () => {
      const field = input.current ?? document.querySelector<HTMLElement>("main form textarea"); // of a search or a plan
      field?.focus();
      return field !== null;
    },
    stop: () => {
      if (over) {
        openDrawer(false);
        return;
      }
      if (view === "chat" && openId !== null) {
        void conversations.stopAnswers(openId);
      }
    },
  });

  const sidebar = (
    <Sidebar
      onSearch={() => {
        openDrawer(false);
        setDialog("search");
      }}
      onShortcuts={() => setDialog("shortcuts")}
      onChosen={() => openDrawer(false)}
    />
  );
  return (
    <div className="page flex h-full">
      {chatsDocked && sidebar}
      {over && <ChatsDrawer onClose={() => openDrawer(false)}>{sidebar}</ChatsDrawer>}
      <div className="flex min-w-0 flex-1 flex-col" inert={over}>
        <TopBar
          chatsShown={chatsDocked || over}
          onToggleChats={() => (wide ? change({ chatsBeside: !chatsDocked }) : openDrawer(true))}
          onSettings={() => setDialog("settings")}
        />
        <main className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          {view === "chat" ? (
            <ErrorBoundary of={openId ?? "new"} fallback={<LoadError />}>
              {openId === null ? <EmptyState /> : <MessageList key={`messages-${openId}`} chatId={openId} />}
              <Composer key={`composer-${openId}`} chatId={openId} input={input} />
            </ErrorBoundary>
          ) : (
            <Lazy key={view} error={<LoadError />}>
              {view === "shared" ? sharedId !== undefined && <SharedPage shareId={sharedId} /> : <Page />}
            </Lazy>
          )}
        </main>
      </div>
      {OpenDialog !== undefined && (
        <LazyDialog key={dialog} onClose={closeDialog}>
          <OpenDialog onClose={closeDialog} />
        </LazyDialog>
      )}
      <p className="drop-hint" aria-hidden>
        {strings.dropHere}
      </p>
      <LazyToasts />
    </div>
  );
}
