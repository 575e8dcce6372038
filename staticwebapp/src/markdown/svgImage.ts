export interface SvgImage {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

const largest = 500_000;

/**
 * SVG as the address of an image. As an image it runs no script and loads nothing, whatever it contains.
 * Undefined for what is not SVG, or is too large to be shown.
 */
export function svgImage(text: string): SvgImage | undefined {
  const svg = text.trim();
  if (svg.length > largest || !/^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<svg[\s>]/i.test(svg)) {
    return undefined;
  }
  const tag = /<svg[^>]*>/i.exec(svg)?.[0] ?? "";
  const box = /viewBox\s*=\s*["']\s*[-\d.e]+[\s,]+[-\d.e]+[\s,]+([\d.e]+)[\s,]+([\d.e]+)/i.exec(tag);
  const size = (name: string) => Number(new RegExp(`\\s${name}\\s*=\\s*["']([\\d.]+)(?:px)?["']`, "i").exec(tag)?.[1]);
  const width = Number(box?.[1]) || size("width") || 300;
  const height = Number(box?.[2]) || size("height") || 150;
  const source = /\sxmlns\s*=/i.test(tag) ? svg : svg.replace(/<svg/i, '<svg xmlns="http://www.w3.org/2000/svg"');
  return { url: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(source)}`, width, height };
}
