import { useCallback, useEffect, useState } from "react";
import type { ToolServer } from "../api/serverInfo";
import { loadCapabilities } from "../chat/capabilities";
import { useAttempt } from "../hooks/useAttempt";
import { strings } from "../i18n/strings";
import { useServices } from "../services";

/** The button that was pressed is gone. */
const focus = (link: HTMLAnchorElement | null) => link?.focus();

/** The servers that tools come from, with their state and the user's sign-ins. Nothing if there are none. */
export function ToolServers() {
  const { api } = useServices();
  const [servers, setServers] = useState<readonly ToolServer[]>([]);
  const load = useCallback(
    (signal?: AbortSignal) => api.listToolServers(signal).then(setServers, () => undefined), // the state is unknown while the server is unreachable
    [api],
  );
  useEffect(() => {
    const closed = new AbortController();
    void load(closed.signal);
    return () => closed.abort();
  }, [load]);
  return servers.length === 0 ? null : (
    <div>
      <h3 className="mb-1 font-medium text-sm">{strings.toolServers}</h3>
      <ul className="text-sm" aria-label={strings.toolServers}>
        {servers.map((server) => (
          <Server key={server.name} server={server} onChanged={() => void load()} />
        ))}
      </ul>
    </div>
  );
}

interface ServerProps {
  readonly server: ToolServer;
  readonly onChanged: () => void;
}

function Server({ server: { name, available, signedIn }, onChanged }: ServerProps) {
  const { api, state } = useServices();
  const [address, setAddress] = useState<string>();
  const { busy, attempt } = useAttempt();
  const signOut = async () => {
    await api.signOutOfServer(name);
    onChanged();
    await loadCapabilities(api, state); // its tools are gone
  };
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 py-1">
      <span className="[overflow-wrap:anywhere]">{name}</span>
      <span className="flex shrink-0 items-center gap-3">
        <span className="text-muted">
          {available ? strings.available : signedIn === false ? strings.signInRequired : strings.unavailable}
        </span>
        {signedIn === true && (
          <button
            type="button"
            className="button text-sm"
            aria-label={strings.signOutOf(name)}
            disabled={busy}
            onClick={() => void attempt(signOut)}
          >
            {strings.signOut}
          </button>
        )}
        {signedIn === false &&
          (address === undefined ? (
            <button
              type="button"
              className="button text-sm"
              aria-label={strings.signInTo(name)}
              disabled={busy}
              onClick={() => void attempt(async () => setAddress(await api.signInToServer(name)))}
            >
              {strings.signIn}
            </button>
          ) : (
            <a className="button button-accent text-sm" href={address} rel="noopener noreferrer" ref={focus}>
              {strings.continueAt(new URL(address).host)}
            </a>
          ))}
      </span>
    </li>
  );
}
