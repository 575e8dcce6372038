import { strings } from "../i18n/strings";
import { pretty } from "../json";
import { CodeBlock } from "../markdown/CodeBlock";
import { LazyMarkdown } from "../markdown/LazyMarkdown";
import { FoundPage } from "./FoundPage";
import { StoredImage } from "./StoredImage";
import { numbered, type ResultLink, type ResultView, viewOf, withoutImages } from "./toolResult";

/** What a tool returned, with the images that the server keeps of it. */
export function ToolResult({ content }: { readonly content: string }) {
  const { text, fileIds } = withoutImages(content);
  return fileIds.length === 0 ? (
    <ResultText content={content} />
  ) : (
    <div className="space-y-3">
      {text !== "" && <ResultText content={text} />}
      {fileIds.map((id, index) => (
        <StoredImage
          key={id}
          fileId={id}
          alt={strings.toolImage(index + 1)}
          className="max-h-96 max-w-full rounded-lg"
        />
      ))}
    </div>
  );
}

/** Text from the web is shown as plain text, never as Markdown or HTML. */
function ResultText({ content }: { readonly content: string }) {
  const view = viewOf(content);
  switch (view.kind) {
    case "error":
      return <p className="whitespace-pre-wrap text-bad [overflow-wrap:anywhere]">{view.message}</p>;
    case "text":
      return view.text.trim() === "" ? (
        <p className="text-muted">{strings.emptyResult}</p>
      ) : (
        <PlainText text={view.text} />
      );
    case "json":
      return <CodeBlock code={view.text} language="json" />;
    case "image":
      return <img src={view.url} alt="" className="max-h-96 rounded-lg" />;
    case "table":
      return <Table columns={view.columns} rows={view.rows} />;
    case "page":
      return (
        <>
          <ul>
            <LinkItem link={view.link} />
          </ul>
          <div className="mt-3">
            <PlainText text={view.text} />
          </div>
        </>
      );
    case "script":
      return (
        <div className="space-y-2">
          <ScriptValue view={view.value} />
          {view.console.length > 0 && (
            <>
              <p className="font-medium text-muted text-xs">{strings.console}</p>
              <PlainText text={view.console.join("\n")} mono />
            </>
          )}
        </div>
      );
    case "report":
      return <Report text={view.text} links={numbered(view.links)} content={content} />;
    case "links":
      return <Links links={view.links} content={content} />;
  }
}

interface ReportProps {
  readonly text: string;
  readonly links: readonly ResultLink[];
  readonly content: string;
}

function Report({ text, links, content }: ReportProps) {
  return (
    <div className="space-y-3">
      <LazyMarkdown text={text} sources={links} />
      <Links links={links} content={content} />
    </div>
  );
}

function ScriptValue({ view }: { readonly view: ResultView }) {
  switch (view.kind) {
    case "table":
      return <Table columns={view.columns} rows={view.rows} />;
    case "image":
      return <img src={view.url} alt="" className="max-h-96 rounded-lg" />;
    default:
      return <PlainText text={view.kind === "text" && view.text !== "" ? view.text : strings.emptyResult} mono />;
  }
}

function Links({ links, content }: { readonly links: readonly ResultLink[]; readonly content: string }) {
  return (
    <>
      <ol className={`space-y-2.5 ${links.some(({ number }) => number !== undefined) ? "list-decimal ps-6" : ""}`}>
        {links.map((link, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes, and may hold an address twice
          <LinkItem key={index} link={link} />
        ))}
      </ol>
      <details className="mt-3 text-muted text-sm">
        <summary>{strings.fullResult}</summary>
        <div className="mt-2">
          <CodeBlock code={pretty(content)} language="json" />
        </div>
      </details>
    </>
  );
}

function LinkItem({ link }: { readonly link: ResultLink }) {
  return (
    <li className="min-w-0 marker:text-muted" value={link.number}>
      <FoundPage {...link} />
    </li>
  );
}

function PlainText({ text, mono = false }: { readonly text: string; readonly mono?: boolean }) {
  return (
    <pre
      className={`max-h-80 overflow-y-auto whitespace-pre-wrap text-sm [overflow-wrap:anywhere] ${mono ? "rounded-lg bg-raised p-3 font-mono text-[0.8125rem]" : "font-sans"}`}
      dir="auto"
      tabIndex={0}
    >
      {text}
    </pre>
  );
}

const mostRows = 200;

function Table({
  columns,
  rows,
}: {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section with a name would be a landmark, of which each table had one
    <div className="prose max-h-96 overflow-auto" role="group" tabIndex={0} aria-label={strings.table}>
      <table dir="auto">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostRows).map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes
            <tr key={index}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a result never changes
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
