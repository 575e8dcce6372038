import type { ReactNode } from "react";
import type { ToolPart } from "../chat/toolPart";
import { strings } from "../i18n/strings";
import { ToolArguments } from "./ToolArguments";
import { ToolResult } from "./ToolResult";

/** The arguments and the result of a tool call. */
export default function ToolDetails({ part }: { readonly part: ToolPart }) {
  const hasArguments = !/^[{}\s]*$/.test(part.arguments);
  return (
    <div className="space-y-3 border-line border-t px-3.5 py-3 [&_pre]:max-h-96 [&_pre]:overflow-y-auto">
      {!hasArguments && part.result === undefined && <p className="text-muted">{strings.noArguments}</p>}
      {hasArguments && (
        <Section title={strings.arguments}>
          <ToolArguments text={part.arguments} />
        </Section>
      )}
      {part.result !== undefined && (
        <Section title={part.status === "failed" && part.denied === undefined ? strings.error : strings.result}>
          <ToolResult content={part.result} />
        </Section>
      )}
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <p className="mb-1.5 font-medium text-muted text-xs">{title}</p>
      {children}
    </div>
  );
}
