import { hostOf } from "../markdown/links";
import { SafeLink } from "../markdown/SafeLink";

interface FoundPageProps {
  readonly url: string;
  readonly title: string;
  readonly description: string | undefined;
}

/** A page that a search has found. Its text is from the web, and shown as plain text. */
export function FoundPage({ url, title, description }: FoundPageProps) {
  return (
    <>
      <div className="font-medium text-accent underline-offset-2 [overflow-wrap:anywhere] hover:underline">
        <SafeLink href={url}>{title}</SafeLink>
      </div>
      <div className="text-muted text-xs">{hostOf(url)}</div>
      {description !== undefined && (
        <p className="line-clamp-3 text-sm [overflow-wrap:anywhere]" dir="auto">
          {description}
        </p>
      )}
    </>
  );
}
