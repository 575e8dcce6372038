import { LogOut } from "lucide-react";
import { useStore } from "zustand";
import { IconButton } from "../components/IconButton";
import { strings } from "../i18n/strings";
import type { SignIn } from "./signIn";

/** The signed-in account, and the button to sign out. */
export function AccountBar({ signIn }: { readonly signIn: SignIn }) {
  const account = useStore(signIn.state, (state) => state.account);
  return account === undefined ? null : (
    <div className="flex items-center gap-2 px-2.5 py-1 text-sm">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium" dir="auto">
          {account.name}
        </p>
        {account.email !== undefined && account.email !== account.name && (
          <p className="truncate text-muted text-xs">{account.email}</p>
        )}
      </div>
      <IconButton label={strings.signOut} onClick={() => void signIn.signOut()}>
        <LogOut size="1rem" aria-hidden />
      </IconButton>
    </div>
  );
}
