export interface ModelInfo {
  readonly id: string;
  readonly provider: string;
  readonly name: string;
  readonly description?: string;
  readonly is_demo?: boolean;
  readonly is_default?: boolean;
  /** As far as the provider reports them. */
  readonly capabilities?: {
    readonly images?: boolean;
    readonly audio?: boolean;
    readonly files?: boolean;
    readonly tools?: boolean;
    readonly reasoning?: boolean;
    /** The tokens that a conversation may have. */
    readonly context_length?: number;
  };
  /** The price of a million tokens, where the server has one. */
  readonly price?: { readonly input: number; readonly output: number; readonly currency: string };
}

/** What the server offers; a model of one of the `openProviders` need not be listed. */
export interface ModelList {
  readonly models: readonly ModelInfo[];
  readonly openProviders: readonly string[];
}

export interface ToolInfo {
  readonly name: string;
  readonly description: string;
}

/** An MCP server or an API whose tools the server offers. */
export interface ToolServer {
  readonly name: string;
  readonly available: boolean;
  /** Whether the user is signed in to the server, with the access that it needs; absent where users do not sign in. */
  readonly signedIn?: boolean;
}

/** What the user has used, as `GET /api/usage` returns it. Amounts are in the currency of the server's prices or, without one, tokens. */
export interface UsageSummary {
  readonly currency?: string;
  readonly tokensThisMonth: number;
  readonly costThisMonth?: number;
  readonly budgets: readonly BudgetUse[];
}

export interface BudgetUse {
  readonly name: string;
  readonly used: number;
  readonly allowed: number;
  readonly currency?: string;
}

/** What `GET /api/config` says about requests; absent where the server does not say it. */
export interface ServerLimits {
  readonly maxBodyBytes?: number;
  /** The currency of costs, if the server has prices. */
  readonly currency?: string;
  /** Who may open the links of shared chats. */
  readonly sharing?: "off" | "users" | "anyone";
  /** Whether the page may ask a model for the titles of chats. */
  readonly titlesByClient?: boolean;
}
