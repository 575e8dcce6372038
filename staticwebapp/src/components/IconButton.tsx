import type { ComponentProps } from "react";

interface IconButtonProps extends Omit<ComponentProps<"button">, "type" | "aria-label" | "title"> {
  /** What screen readers read, and what the pointer shows. */
  readonly label: string;
}

/** A button that shows an icon. */
export function IconButton({ label, className = "", ...props }: IconButtonProps) {
  return <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...props} />;
}
