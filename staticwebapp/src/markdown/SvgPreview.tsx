import type { SvgImage } from "./svgImage";

/** A drawing on a light ground, which most drawings expect. */
export function SvgPreview({
  image,
  name,
  dark,
}: {
  readonly image: SvgImage;
  readonly name: string;
  readonly dark: boolean;
}) {
  return (
    <div className={`overflow-x-auto p-3.5 text-center ${dark ? "" : "bg-white"}`}>
      <img
        src={image.url}
        alt={name}
        width={image.width}
        height={image.height}
        className="inline-block h-auto max-h-[70vh] max-w-full object-contain"
      />
    </div>
  );
}
