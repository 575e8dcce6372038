import { membersOf, plain, pretty } from "../json";
import { CodeBlock } from "../markdown/CodeBlock";
import { withVisibleReordering } from "../text";
import { FoldedText } from "./FoldedText";

/** A call's arguments: code as code, plain values as a list, anything else as JSON. The user may have to approve what is really in them. */
export function ToolArguments({ text }: { readonly text: string }) {
  const values = membersOf(text === "" ? "{}" : text);
  if (values === undefined) {
    return <Code code={pretty(text)} language="json" />;
  }
  // A name may be repeated.
  const named = values.map(([name, value], place) => ({ name, value, key: `${place} ${name}` }));
  const rest = named.filter(({ name }) => name !== "code");
  return (
    <div className="space-y-2">
      {named
        .filter(({ name }) => name === "code")
        .map(({ value, key }) =>
          value.trimStart().startsWith('"') ? (
            <Code key={key} code={plain(value)} language="javascript" />
          ) : (
            <Code key={key} code={pretty(value)} language="json" />
          ),
        )}
      {rest.length > 0 && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {rest.map(({ name, value, key }) => (
            <div key={key} className="contents">
              <dt className="max-w-40 font-mono text-muted text-xs leading-6 [overflow-wrap:anywhere]">
                {withVisibleReordering(name)}
              </dt>
              <dd className="min-w-0">
                <FoldedText text={withVisibleReordering(plain(value))} mostLines={10} longest={600} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

function Code({ code, language }: { readonly code: string; readonly language: string }) {
  return <CodeBlock code={withVisibleReordering(code)} language={language} wraps />;
}
