import type { Access } from "./api/access";
import { createApi } from "./api/client";
import { unreachable } from "./api/problem";
import { requester } from "./api/requester";
import { keepAttachments } from "./attachments/keepAttachments";
import { loadCapabilities } from "./chat/capabilities";
import { Conversations } from "./chat/conversations";
import { createChatState } from "./chat/state";
import type { AssistantNode } from "./chat/tree";
import { announceEnd, announceWaiting } from "./notify";
import { connectRouting } from "./routing";
import type { Services } from "./services";
import { settings } from "./settings/settings";
import type { SignIn } from "./signin/signIn";
import { AttachmentStorage } from "./storage/attachmentStorage";
import { ChatStorage } from "./storage/chatStorage";
import { keepDraftsOf } from "./storage/drafts";
import { keepEdits } from "./storage/edits";
import { hasUnsavedChanges } from "./storage/hasUnsavedChanges";
import { openStorage } from "./storage/openStorage";
import { openTab } from "./storage/openTab";
import { ownName } from "./storage/owner";
import { joinTabs } from "./storage/tabs";
import { TurnHistory } from "./storage/turnHistory";
import { toast } from "./toast";

/**
 * Creates what the components depend on, with the chats of the current account.
 * @param opened The sign-in, or "offline" while the server can't be reached; undefined where it asks for none.
 * @throws Error when a part of the page can't be loaded.
 */
export async function startServices(base: Promise<string>, opened: SignIn | "offline" | undefined): Promise<Services> {
  const offline = opened === "offline";
  const signIn = offline ? undefined : opened;
  const access = offline ? noAccess : signIn?.session;
  const api = createApi(base, access);
  const database = await openStorage(ownName(), signIn !== undefined);
  const storage = new ChatStorage(database);
  const state = createChatState();
  // Not part of the page's first load: only chats of users who sign in are on the server.
  const loaded = signIn === undefined ? undefined : await import("./sync/openSync");
  // After the last await before there are conversations: another tab may change a chat at any time.
  const tabs = joinTabs((chatId) => void conversations.reload(chatId), ownName());
  const sync =
    signIn === undefined
      ? undefined
      : loaded?.openSync({
          api,
          request: requester(base, signIn.session),
          database,
          state,
          isSignedIn: () => signIn.state.getState().phase === "signedIn",
          onChanged: async (chatId, removed) => {
            tabs.changed(chatId);
            await conversations.reload(chatId, removed);
          },
        });
  const isDemo = ({ turn: { provider, model } }: AssistantNode) =>
    state.getState().models?.find(({ id }) => id === `${provider}:${model}`)?.is_demo === true;
  const conversations: Conversations = new Conversations({
    api: sync?.api ?? api,
    storage,
    state,
    tabs: {
      changed: (chatId) => {
        tabs.changed(chatId);
        sync?.changed(chatId);
      },
    },
    onTrouble: (what) => toast.error(what, { id: what, duration: 30_000 }),
    onEnded: (node) => announceEnd(node, conversations, state),
    onWaiting: (node) => announceWaiting(node, conversations, state),
    titleOf: async (question, answer) =>
      settings.getState().titles && state.getState().limits.titlesByClient === true && !isDemo(answer)
        ? (await import("./chat/modelTitle")).modelTitle(api, question, answer)
        : undefined,
    suggestionsFor: async (question, answer) =>
      settings.getState().suggestions && !isDemo(answer)
        ? (await import("./chat/modelSuggestions")).modelSuggestions(api, question, answer)
        : [],
  });

  const unsaved = import("./storage/unsavedChanges");
  unsaved
    .then(({ keepUnsavedChanges, forgetUnsavedChanges }) => {
      keepUnsavedChanges(() => conversations.unsaved());
      forgetUnsavedChanges(state);
    })
    .catch(() => {});
  if (hasUnsavedChanges()) {
    await unsaved.then(({ storeUnsavedChanges }) => storeUnsavedChanges(storage)).catch(() => {}); // the next load tries again
  }
  await conversations.start();
  keepDraftsOf(state);
  keepEdits(state);
  await openTab((tab) => keepAttachments(new AttachmentStorage(database), state, tab));
  const request = requester(base, access);
  const admin = async () => (await import("./admin/adminApi")).createAdminApi(request);
  const shares = async () => (await import("./share/shareApi")).createShareApi(request);
  connectRouting(state, conversations, sync?.start());
  void loadCapabilities(api, state);
  if (signIn !== undefined) {
    admin()
      .then((api) => api.roles())
      .then(
        (roles) => state.setState({ roles }),
        () => undefined, // the user has none while the server is unreachable
      );
  }
  return {
    api,
    state,
    conversations,
    storage,
    history: new TurnHistory(database),
    admin,
    shares,
    bringUp: sync?.run,
    signIn,
    ...(offline ? { offline } : {}),
  };
}

/** A request without a token would be refused, and not repeated once the user can sign in. */
const noAccess: Access = {
  token: () => Promise.reject(unreachable()),
  rejected: () => Promise.resolve(),
  refused: () => {},
};
