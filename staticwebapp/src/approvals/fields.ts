/** A field of the form that a question's schema describes. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly kind: "text" | "number" | "boolean" | "choice";
  readonly choices: readonly string[];
  readonly required: boolean;
  readonly initial: string;
}

interface PropertySchema {
  readonly type?: unknown;
  readonly title?: unknown;
  readonly description?: unknown;
  readonly enum?: unknown;
  readonly default?: unknown;
}

/** The fields of a schema: properties of simple types, as MCP servers ask for them. */
export function fieldsOf(schema: object): readonly FormField[] {
  const { properties, required } = schema as { properties?: unknown; required?: unknown };
  if (typeof properties !== "object" || properties === null) {
    return [];
  }
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties as Record<string, PropertySchema>).map(([name, property]) => {
    const choices = Array.isArray(property.enum) ? property.enum.map(String) : [];
    return {
      name,
      label: typeof property.title === "string" ? property.title : name,
      ...(typeof property.description === "string" ? { description: property.description } : {}),
      kind: choices.length > 0 ? "choice" : kindOf(property.type),
      choices,
      required: needed.includes(name),
      initial: property.default === undefined ? "" : String(property.default),
    };
  });
}

/** The answer that the form holds; fields that are left empty are left out. */
export function contentOf(
  fields: readonly FormField[],
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  for (const { name, kind, initial } of fields) {
    const value = values[name] ?? initial;
    if (kind === "boolean") {
      content[name] = value === "true";
    } else if (value !== "") {
      content[name] = kind === "number" ? Number(value) : value;
    }
  }
  return content;
}

function kindOf(type: unknown): FormField["kind"] {
  return type === "boolean" ? "boolean" : type === "number" || type === "integer" ? "number" : "text";
}
