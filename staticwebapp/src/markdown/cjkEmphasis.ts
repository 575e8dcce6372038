import { cjkFriendlyExtension } from "micromark-extension-cjk-friendly";
import { gfmStrikethroughCjkFriendly } from "micromark-extension-cjk-friendly-gfm-strikethrough";
import type { Processor } from "unified";

/**
 * Reads emphasis and struck text next to Chinese, Japanese and Korean text: CommonMark's rules need spaces between words, and leave the
 * asterisks of `**「これ」**は` in the text.
 */
export function remarkCjkEmphasis(this: Processor) {
  const data = this.data() as { micromarkExtensions?: unknown[] };
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push(cjkFriendlyExtension(), gfmStrikethroughCjkFriendly({ singleTilde: false }));
}
