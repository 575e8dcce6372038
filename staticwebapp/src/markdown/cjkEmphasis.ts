import { cjkFriendlyExtension } from "micromark-extension-cjk-friendly";
import type { Processor } from "unified";

/**
 * Reads emphasis next to Chinese, Japanese and Korean text: CommonMark's rules need spaces between words, and leave the
 * asterisks of `**「これ」**は` in the text.
 */
export function remarkCjkEmphasis(this: Processor) {
  const data = this.data() as { micromarkExtensions?: unknown[] };
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push(cjkFriendlyExtension());
}
