import { CodeBlock } from "../markdown/CodeBlock";
import { hostOf } from "../markdown/links";
import { SafeLink } from "../markdown/SafeLink";
import { type ResultLink, viewOf } from "./toolResult";

/** What a tool gave back. Text from the web is shown as plain text, never as Markdown or HTML. */
export function ToolResult({ content }: { readonly content: string }) {
  const view = viewOf(content);
  switch (view.kind) {
    case "error":
      return <p className="whitespace-pre-wrap text-bad [overflow-wrap:anywhere]">{view.message}</p>;
    case "text":
      return <PlainText text={view.text} />;
    case "json":
      return <CodeBlock code={view.text} language="json" />;
    case "links":
      return (
        <>
          <ol className="space-y-2.5">
            {view.links.map((link, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes, and may hold an address twice
              <LinkItem key={index} link={link} />
            ))}
          </ol>
          <details className="mt-3 text-muted text-sm">
            <summary>All of the result</summary>
            <div className="mt-2">
              <CodeBlock code={view.rest ?? content} language="json" />
            </div>
          </details>
        </>
      );
  }
}

function LinkItem({ link }: { readonly link: ResultLink }) {
  return (
    <li className="min-w-0">
      <div className="font-medium text-accent underline-offset-2 [overflow-wrap:anywhere] hover:underline">
        <SafeLink href={link.url}>{link.title}</SafeLink>
      </div>
      <div className="text-muted text-xs">{hostOf(link.url)}</div>
      {link.description !== undefined && (
        <p className="line-clamp-3 text-sm [overflow-wrap:anywhere]" dir="auto">
          {link.description}
        </p>
      )}
    </li>
  );
}

function PlainText({ text }: { readonly text: string }) {
  return (
    <pre
      className="max-h-80 overflow-y-auto whitespace-pre-wrap font-sans text-sm [overflow-wrap:anywhere]"
      dir="auto"
      tabIndex={0}
    >
      {text}
    </pre>
  );
}
