import type { ReactElement, ReactNode } from "react";
import { type Services, ServicesContext } from "../src/services";

type Parts<T> = { readonly [K in keyof T]?: T[K] extends (...args: never[]) => unknown ? T[K] : Parts<T[K]> };

/** A component with those parts of its services that a test needs. */
export function withServices(services: Parts<Services>, content: ReactNode): ReactElement {
  return <ServicesContext value={services as Services}>{content}</ServicesContext>;
}
