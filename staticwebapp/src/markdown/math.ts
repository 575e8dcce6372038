import "katex/dist/katex.min.css";
import "katex/contrib/mhchem";
import rehypeKatex from "rehype-katex";
import remarkMath from "remark-math";
import type { PluggableList } from "unified";

/** Renders `$$x$$`, within limits: a model may write a formula that expands without end. */
export const mathPlugins: { readonly remark: PluggableList; readonly rehype: PluggableList } = {
  remark: [[remarkMath, { singleDollarTextMath: false }]],
  rehype: [[rehypeKatex, { trust: false, strict: "ignore", maxExpand: 200, maxSize: 40 }]],
};
