import { Info, Lightbulb, OctagonAlert, StickyNote, TriangleAlert } from "lucide-react";
import { createContext, isValidElement, memo, type ReactElement, type ReactNode, use, useMemo } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import remend from "remend";
import { useLanguage } from "../hooks/useLanguage";
import { useModule } from "../hooks/useModule";
import { strings } from "../i18n/strings";
import { fencedCode, splitBlocks } from "./blocks";
import { CodeBlock } from "./CodeBlock";
import { remarkCallouts } from "./callouts";
import { remarkCitations } from "./citations";
import { remarkCjkAutolinks } from "./cjkAutolinks";
import { remarkCjkEmphasis } from "./cjkEmphasis";
import { remarkHtmlSubset } from "./htmlSubset";
import { inlineImage, safeUrl } from "./links";
import { mayHoldMath, withDollars } from "./mathSyntax";
import { remarkMultiplication, withoutProducts } from "./multiplication";
import { RemoteImage } from "./RemoteImage";
import { SafeLink } from "./SafeLink";
import { type Source, SourceChip } from "./SourceChip";

export interface MarkdownProps {
  readonly text: string;
  /** True while more text may follow: what is open at the end is then shown as if it were closed. */
  readonly streaming?: boolean;
  /** True where the text was cut off: what is open at the end is shown as if it were closed, too. */
  readonly cut?: boolean;
  /** What `[1]` and so on in the text refer to, by their numbers. The same array as long as the sources are the same. */
  readonly sources?: readonly Source[];
}

const noSources: readonly Source[] = [];
const Sources = createContext(noSources);

/** Markdown from a model. Raw HTML is shown as text, and nothing is loaded or opened without a click. */
export default function Markdown({ text, streaming = false, cut = false, sources = noSources }: MarkdownProps) {
  const blocks = splitBlocks(text);
  const numbers = useMemo(() => new Set(sources.flatMap(({ number }) => number ?? [])), [sources]);
  return (
    <Sources value={sources}>
      <div className={streaming ? "prose streaming" : "prose"} dir="auto">
        {blocks.map((block, index) => {
          const isLast = index === blocks.length - 1;
          const open = isLast && (streaming || cut);
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only ever added at the end
          return <Block key={index} text={block} open={open} streaming={isLast && streaming} numbers={numbers} />;
        })}
      </div>
    </Sources>
  );
}

interface BlockProps {
  readonly text: string;
  /** What is open at its end is shown as if it were closed. */
  readonly open: boolean;
  readonly streaming: boolean;
  readonly numbers: ReadonlySet<number>;
}

const Block = memo(function Block({ text, open, ...props }: BlockProps) {
  useLanguage();
  const fenced = fencedCode(text);
  return fenced === undefined ? (
    <Parsed text={open ? withoutProducts(text, remend) : text} {...props} />
  ) : (
    <CodeBlock {...fenced} streaming={props.streaming} />
  );
});

function Parsed({ text, streaming, numbers }: Omit<BlockProps, "open">) {
  const math = useModule(loadMath, mayHoldMath(text))?.mathPlugins;
  return (
    <ReactMarkdown
      remarkPlugins={[
        // "about" is often written as a tilde: ~5 minutes (~10 at most)
        [remarkGfm, { singleTilde: false }],
        remarkCjkEmphasis,
        remarkMultiplication,
        remarkCjkAutolinks,
        remarkHtmlSubset,
        remarkCallouts,
        [remarkCitations, { numbers }],
        ...(math?.remark ?? []),
      ]}
      rehypePlugins={math === undefined ? [] : [...math.rehype]}
      components={streaming ? streamingComponents : components}
      // Without a link back: the page has no such address.
      remarkRehypeOptions={{ footnoteBackContent: () => [], footnoteLabel: strings.footnotes }}
      urlTransform={(url, key) => (key === "src" ? inlineImage(url) : undefined) ?? safeUrl(url) ?? ""}
    >
      {math === undefined ? text : withDollars(text)}
    </ReactMarkdown>
  );
}

const loadMath = () => import("./math");

const components: Components = {
  // The page's own heading is above every answer.
  h1: "h2",
  h2: "h3",
  h3: "h4",
  h4: "h5",
  h5: "h6",
  a: ({ href, children }) => <SafeLink href={href}>{children}</SafeLink>,
  img: ({ src, alt }) => <RemoteImage src={typeof src === "string" ? src : undefined} alt={alt} />,
  pre: ({ children }) => fromPre(children, false),
  // Each list runs in the direction of its first letter, so that its markers are where it begins.
  ul: ({ node: _, ...props }) => <ul dir="auto" {...props} />,
  ol: ({ node: _, ...props }) => <ol dir="auto" {...props} />,
  input: ({ checked }) => (
    <input type="checkbox" checked={checked} disabled aria-label={checked ? strings.done : strings.notDone} />
  ),
  blockquote: ({ node: _, ...props }) => <Quote {...props} />,
  cite: (props) => <Citation number={Number((props as { "data-source"?: unknown })["data-source"])} />,
  table: ({ children }) => (
    // biome-ignore lint/a11y/useSemanticElements: a section with a name would be a landmark, of which each table had one
    <div className="overflow-x-auto" role="group" tabIndex={0} aria-label={strings.table}>
      <table dir="auto">{children}</table>
    </div>
  ),
};

const streamingComponents: Components = { ...components, pre: ({ children }) => fromPre(children, true) };

function fromPre(children: ReactNode, streaming: boolean): ReactElement {
  const code = isValidElement<{ className?: string; children?: ReactNode }>(children) ? children.props : undefined;
  const language = /language-([\w+#-]+)/.exec(code?.className ?? "")?.[1];
  const text = typeof code?.children === "string" ? code.children.replace(/\n$/, "") : "";
  return <CodeBlock code={text} language={language} streaming={streaming} />;
}

function Citation({ number }: { readonly number: number }) {
  const source = use(Sources).find((each) => each.number === number);
  return source === undefined ? `[${number}]` : <SourceChip number={number} source={source} />;
}

const calloutIcons = {
  note: Info,
  tip: Lightbulb,
  important: StickyNote,
  warning: TriangleAlert,
  caution: OctagonAlert,
};

function Quote({ children, ...props }: { readonly children?: ReactNode }) {
  const kind = (props as { "data-callout"?: keyof typeof calloutIcons })["data-callout"];
  if (kind === undefined) {
    return <blockquote dir="auto">{children}</blockquote>;
  }
  const Icon = calloutIcons[kind];
  return (
    <div className="callout" data-callout={kind} dir="auto">
      <p className="callout-title">
        <Icon size="1rem" aria-hidden /> {strings.callouts[kind]}
      </p>
      {children}
    </div>
  );
}
