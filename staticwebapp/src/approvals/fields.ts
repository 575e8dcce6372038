/** A field of the form that a question's schema describes. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly kind: "text" | "email" | "url" | "date" | "number" | "boolean" | "choice" | "choices";
  readonly choices: readonly Choice[];
  readonly required: boolean;
  readonly initial: FieldValue;
  readonly limits: Limits;
}

/** The text in a field, or the values of the options that are checked. */
export type FieldValue = string | readonly string[];

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Attributes of an input element. */
export interface Limits {
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | "any";
  readonly minLength?: number;
  readonly maxLength?: number;
}

interface PropertySchema {
  readonly type?: unknown;
  readonly format?: unknown;
  readonly title?: unknown;
  readonly description?: unknown;
  readonly enum?: unknown;
  readonly enumNames?: unknown;
  readonly oneOf?: unknown;
  readonly anyOf?: unknown;
  readonly items?: unknown;
  readonly default?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly minLength?: unknown;
  readonly maxLength?: unknown;
}

const inputKinds: Readonly<Record<string, FormField["kind"]>> = { email: "email", uri: "url", date: "date" };

/** The fields of a schema: properties of simple types, as MCP servers ask for them. */
export function fieldsOf(schema: object): readonly FormField[] {
  const { properties, required } = schema as { properties?: unknown; required?: unknown };
  if (typeof properties !== "object" || properties === null) {
    return [];
  }
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties as Record<string, PropertySchema | null>).map(([name, value]) => {
    const property = typed(value ?? {}); // a schema may be anything
    const choices = choicesOf(property.type === "array" ? (property.items as PropertySchema | undefined) : property);
    const kind = kindOf(property, choices.length > 0);
    return {
      name,
      label: typeof property.title === "string" ? property.title : name,
      ...(typeof property.description === "string" ? { description: property.description } : {}),
      kind,
      choices,
      required: needed.includes(name),
      initial: initialOf(kind, property.default),
      limits: limitsOf(kind, property),
    };
  });
}

/** The answer that the form holds, a JSON object as text; fields that are left empty are left out. */
export function contentOf(fields: readonly FormField[], values: Readonly<Record<string, FieldValue>>): string {
  const members: string[] = [];
  const add = (name: string, json: string) => members.push(`${JSON.stringify(name)}:${json}`);
  for (const { name, kind, initial, required } of fields) {
    const value = values[name] ?? initial;
    if (kind === "boolean") {
      add(name, String(value === "true"));
    } else if (kind === "number" && value !== "") {
      add(name, numberOf(String(value)));
    } else if (value.length > 0 || (required && kind === "choices")) {
      add(name, JSON.stringify(value));
    }
  }
  return `{${members.join()}}`;
}

/** The number with the digits that were typed, which may be more than those of a JavaScript number. */
function numberOf(typed: string): string {
  return /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(typed) ? typed : JSON.stringify(Number(typed));
}

/** The property with the type of its values that are not null. */
function typed(property: PropertySchema): PropertySchema {
  const { oneOf, anyOf, ...rest } = property;
  if (Array.isArray(rest.type)) {
    return { ...property, type: rest.type.find((each) => each !== "null") };
  }
  const alternatives: unknown = oneOf ?? anyOf;
  if (
    rest.type !== undefined ||
    !Array.isArray(alternatives) ||
    alternatives.some((each) => each?.const !== undefined)
  ) {
    return property;
  }
  return { ...alternatives.find((each) => typeof each?.type === "string" && each.type !== "null"), ...rest };
}

function kindOf({ type, format }: PropertySchema, hasChoices: boolean): FormField["kind"] {
  if (hasChoices) {
    return type === "array" ? "choices" : "choice";
  }
  if (type === "boolean") {
    return "boolean";
  }
  if (type === "number" || type === "integer") {
    return "number";
  }
  return typeof format === "string" ? (inputKinds[format] ?? "text") : "text";
}

function choicesOf(schema: PropertySchema | undefined): readonly Choice[] {
  const titled = schema?.oneOf ?? schema?.anyOf;
  if (Array.isArray(titled)) {
    return titled
      .filter((choice: { const?: unknown } | null) => choice?.const !== undefined) // others are types, such as null
      .map((choice: { const: unknown; title?: unknown }) => ({
        value: String(choice.const),
        label: String(choice.title ?? choice.const),
      }));
  }
  const names = Array.isArray(schema?.enumNames) ? schema.enumNames : [];
  return Array.isArray(schema?.enum)
    ? schema.enum
        .map((value, place) => ({ value, label: String(names[place] ?? value) }))
        .filter(({ value }) => value !== null)
        .map(({ value, label }) => ({ value: String(value), label }))
    : [];
}

function initialOf(kind: FormField["kind"], value: unknown): FieldValue {
  if (kind === "choices") {
    return Array.isArray(value) ? value.map(String) : [];
  }
  return value === undefined || value === null ? "" : String(value);
}

function limitsOf(kind: FormField["kind"], property: PropertySchema): Limits {
  return kind === "number"
    ? {
        step: property.type === "integer" ? 1 : "any",
        ...limit("min", property.minimum),
        ...limit("max", property.maximum),
      }
    : { ...limit("minLength", property.minLength), ...limit("maxLength", property.maxLength) };
}

function limit(name: keyof Limits, value: unknown): Limits {
  return typeof value === "number" ? { [name]: value } : {};
}
