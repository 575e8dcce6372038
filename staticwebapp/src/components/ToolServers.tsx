import { useEffect, useState } from "react";
import type { ToolServer } from "../api/client";
import { strings } from "../i18n/strings";
import { useServices } from "../services";

/** The servers that tools come from, with their state. Nothing if there are none. */
export function ToolServers() {
  const { api } = useServices();
  const [servers, setServers] = useState<readonly ToolServer[]>([]);
  useEffect(() => {
    const closed = new AbortController();
    api.listToolServers(closed.signal).then(setServers, () => undefined); // the state is unknown while the server is unreachable
    return () => closed.abort();
  }, [api]);
  return servers.length === 0 ? null : (
    <div>
      <h3 className="mb-1 font-medium text-sm">{strings.toolServers}</h3>
      <ul className="text-sm" aria-label={strings.toolServers}>
        {servers.map(({ name, available }) => (
          <li key={name} className="flex justify-between gap-3 py-1">
            <span className="[overflow-wrap:anywhere]">{name}</span>
            <span className="shrink-0 text-muted">{available ? strings.available : strings.unavailable}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
