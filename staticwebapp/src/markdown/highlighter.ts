import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { common, createLowlight } from "lowlight";
import type { ReactNode } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";

const lowlight = createLowlight(common);

/** The code with classes for its parts, or undefined where the language is unknown. Elements, never HTML. */
export function highlight(code: string, language: string): ReactNode {
  return lowlight.registered(language)
    ? toJsxRuntime(lowlight.highlight(language, code), { Fragment, jsx, jsxs })
    : undefined;
}
