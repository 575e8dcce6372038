import { count, money } from "../components/format";
import { strings } from "../i18n/strings";

/** An amount of a budget: money or, without a currency, tokens. */
export function amountOf(value: number, currency: string | undefined): string {
  return currency === undefined ? strings.tokens(count(value)) : money(value, currency);
}

/** A budget in words, by the name that the server has for it, such as `user_cost_per_month`. */
export function budgetName(limit: string): string {
  const monthly = limit.endsWith("_per_month");
  if (limit.startsWith("user_")) {
    return monthly ? strings.ownMonth : strings.ownDay;
  }
  if (limit.startsWith("key_")) {
    return monthly ? strings.keyMonth : strings.keyDay;
  }
  return monthly ? strings.serverMonth : strings.serverDay;
}
