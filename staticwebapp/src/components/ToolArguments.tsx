import { CodeBlock } from "../markdown/CodeBlock";
import { parseObject } from "../records";
import { withVisibleReordering } from "../text";
import { FoldedText } from "./FoldedText";
import { pretty } from "./format";

/** A call's arguments: code as code, plain values as a list, anything else as JSON. The user may have to approve what is really in them. */
export function ToolArguments({ text }: { readonly text: string }) {
  const values = parseObject(text === "" ? "{}" : text);
  if (values === undefined) {
    return <CodeBlock code={withVisibleReordering(pretty(text))} language="json" />;
  }
  const { code, ...rest } = values;
  return (
    <div className="space-y-2">
      {typeof code === "string" && <CodeBlock code={withVisibleReordering(code)} language="javascript" />}
      {code !== undefined && typeof code !== "string" && (
        <CodeBlock code={withVisibleReordering(JSON.stringify(code, null, 2))} language="json" />
      )}
      {Object.keys(rest).length > 0 && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {Object.entries(rest).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="font-mono text-muted text-xs leading-6">{withVisibleReordering(name)}</dt>
              <dd className="min-w-0">
                <FoldedText
                  text={withVisibleReordering(typeof value === "string" ? value : JSON.stringify(value))}
                  mostLines={10}
                  longest={600}
                />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
