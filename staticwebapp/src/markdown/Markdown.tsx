import { isValidElement, memo, type ReactElement, type ReactNode, useEffect, useState } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import remend from "remend";
import { splitBlocks } from "./blocks";
import { CodeBlock } from "./CodeBlock";
import { safeUrl } from "./links";
import { mayHoldMath, withDollars } from "./mathSyntax";
import { RemoteImage } from "./RemoteImage";
import { SafeLink } from "./SafeLink";

export interface MarkdownProps {
  readonly text: string;
  /** True while more text may follow: what is open at the end is then shown as if it were closed. */
  readonly streaming?: boolean;
}

/** Markdown from a model. Raw HTML is shown as text, and nothing is loaded or opened without a click. */
export default function Markdown({ text, streaming = false }: MarkdownProps) {
  const blocks = splitBlocks(text);
  return (
    <div className={streaming ? "prose streaming" : "prose"} dir="auto">
      {blocks.map((block, index) => {
        const isLast = streaming && index === blocks.length - 1;
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever added at the end
        return <Block key={index} text={isLast ? remend(block) : block} streaming={isLast} />;
      })}
    </div>
  );
}

type MathPlugins = typeof import("./math").mathPlugins;

const Block = memo(function Block({ text, streaming }: { readonly text: string; readonly streaming: boolean }) {
  const math = useMathPlugins(mayHoldMath(text));
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm, ...(math?.remark ?? [])]}
      rehypePlugins={math === undefined ? [] : [...math.rehype]}
      components={streaming ? streamingComponents : components}
      remarkRehypeOptions={{ footnoteBackContent: () => [] }} // a way back within the page, of which none is made
      urlTransform={(url) => safeUrl(url) ?? ""}
    >
      {math === undefined ? text : withDollars(text)}
    </ReactMarkdown>
  );
});

function useMathPlugins(wanted: boolean): MathPlugins | undefined {
  const [plugins, setPlugins] = useState<MathPlugins>();
  useEffect(() => {
    if (wanted) {
      void import("./math").then((loaded) => setPlugins(loaded.mathPlugins));
    }
  }, [wanted]);
  return wanted ? plugins : undefined;
}

const components: Components = {
  h1: "h2", // the page's own heading stands above every answer
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ src, alt }) => <RemoteImage src={typeof src === "string" ? src : undefined} alt={alt} />,
  pre: ({ children }) => fromPre(children, false),
  // Each runs in the direction of its first letter, so that its marks stand where it begins.
  ul: ({ node: _, ...props }) => <ul dir="auto" {...props} />,
  ol: ({ node: _, ...props }) => <ol dir="auto" {...props} />,
  input: ({ checked }) => (
    <input type="checkbox" checked={checked} disabled aria-label={checked ? "Done" : "Not done"} />
  ),
  blockquote: ({ node: _, ...props }) => <blockquote dir="auto" {...props} />,
  table: ({ children }) => (
    <section className="overflow-x-auto" tabIndex={0} aria-label="Table">
      <table dir="auto">{children}</table>
    </section>
  ),
};

const streamingComponents: Components = { ...components, pre: ({ children }) => fromPre(children, true) };

function fromPre(children: ReactNode, streaming: boolean): ReactElement {
  const code = isValidElement<{ className?: string; children?: ReactNode }>(children) ? children.props : undefined;
  const language = /language-([\w+#-]+)/.exec(code?.className ?? "")?.[1];
  const text = typeof code?.children === "string" ? code.children.replace(/\n$/, "") : "";
  return <CodeBlock code={text} language={language} streaming={streaming} />;
}
