using 'main.bicep'

// Two sizes: small, for a few people at almost no cost, and production (`azd env set FUNCCHAT_SIZE production`). Set every other value the same way:
// this file needs no edit.
var production = readEnvironmentVariable('FUNCCHAT_SIZE', 'small') == 'production'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')

param scale = {
  instanceMemoryMB: 2048
  maximumInstances: int(readEnvironmentVariable('FUNCCHAT_MAX_INSTANCES', production ? '50' : '40'))
  httpConcurrency: int(readEnvironmentVariable('FUNCCHAT_HTTP_CONCURRENCY', '100'))
  alwaysReadyHttp: int(readEnvironmentVariable('FUNCCHAT_ALWAYS_READY_HTTP', production ? '2' : '0'))
  alwaysReadyDurable: int(readEnvironmentVariable('FUNCCHAT_ALWAYS_READY_DURABLE', production ? '2' : '0'))
  zoneRedundant: bool(readEnvironmentVariable('FUNCCHAT_ZONE_REDUNDANT', production ? 'true' : 'false'))
}

param state = {
  redundancy: production ? 'Standard_ZRS' : 'Standard_LRS'
  turnDays: int(readEnvironmentVariable('FUNCCHAT_TURN_DAYS', '7'))
  durableBackend: readEnvironmentVariable('FUNCCHAT_DURABLE_BACKEND', 'azureStorage')
  protectVault: bool(readEnvironmentVariable('FUNCCHAT_PROTECT_VAULT', production ? 'true' : 'false'))
}

param network = {
  isPrivate: bool(readEnvironmentVariable('FUNCCHAT_PRIVATE_NETWORK', production ? 'true' : 'false'))
  addresses: readEnvironmentVariable('FUNCCHAT_NETWORK_ADDRESSES', '10.42.0.0/24')
  appSubnetId: readEnvironmentVariable('FUNCCHAT_APP_SUBNET_ID', '')
  endpointSubnetId: readEnvironmentVariable('FUNCCHAT_ENDPOINT_SUBNET_ID', '')
  dnsZonesGroupId: readEnvironmentVariable('FUNCCHAT_DNS_ZONES_GROUP_ID', '')
  allowedCallers: filter(split(readEnvironmentVariable('FUNCCHAT_ALLOWED_CALLERS', ''), ','), range => !empty(range))
  apiDomain: readEnvironmentVariable('FUNCCHAT_API_DOMAIN', '')
  otherOrigins: filter(split(readEnvironmentVariable('FUNCCHAT_OTHER_ORIGINS', ''), ','), origin => !empty(origin))
}

param monitoring = {
  logDays: production ? 90 : 30
  logDailyGigabytes: production ? -1 : 1
  alerts: production
  alertEmail: readEnvironmentVariable('FUNCCHAT_ALERT_EMAIL', '')
  toleratedFailures: 5
  slowFirstTokenSeconds: 10
  monthlyBudget: int(readEnvironmentVariable('FUNCCHAT_MONTHLY_BUDGET', '0'))
  budgetStart: readEnvironmentVariable('FUNCCHAT_BUDGET_START', '')
  workspaceId: readEnvironmentVariable('FUNCCHAT_WORKSPACE_ID', '')
}

param page = {
  location: readEnvironmentVariable('FUNCCHAT_PAGE_LOCATION', 'westeurope')
  plan: production ? 'Standard' : 'Free'
  domain: readEnvironmentVariable('FUNCCHAT_PAGE_DOMAIN', '')
}

param azureOpenAi = {
  model: readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_MODEL', '')
  accountId: readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID', '')
  version: readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_VERSION', '')
  type: 'GlobalStandard'
  capacity: int(readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_CAPACITY', '50'))
}

param openAiApiKey = readEnvironmentVariable('OPENAI_API_KEY', '')
param groqApiKey = readEnvironmentVariable('GROQ_API_KEY', '')
param braveApiKey = readEnvironmentVariable('BRAVE_API_KEY', '')
param tavilyApiKey = readEnvironmentVariable('TAVILY_API_KEY', '')
param recoverVault = bool(readEnvironmentVariable('FUNCCHAT_RECOVER_VAULT', 'false'))

param existingResourceGroup = readEnvironmentVariable('FUNCCHAT_RESOURCE_GROUP', '')
param names = json(readEnvironmentVariable('FUNCCHAT_NAMES', '{}'))
param extraTags = json(readEnvironmentVariable('FUNCCHAT_TAGS', '{}'))
param developerId = readEnvironmentVariable('FUNCCHAT_DEVELOPER_ID', '')

// A setting with an empty value is left out. FUNCCHAT_SETTINGS is a JSON object with any further settings of docs/configuration.md.
param settings = union(
  {
    GOOGLE_CLIENT_ID: readEnvironmentVariable('FUNCCHAT_GOOGLE_CLIENT_ID', '')
    ENTRA_TENANT_ID: readEnvironmentVariable('FUNCCHAT_ENTRA_TENANT_ID', '')
    ENTRA_CLIENT_ID: readEnvironmentVariable('FUNCCHAT_ENTRA_CLIENT_ID', '')
    ENTRA_ALLOWED_ROLES: readEnvironmentVariable('FUNCCHAT_ENTRA_ALLOWED_ROLES', '')
    ENTRA_ALLOWED_GROUPS: readEnvironmentVariable('FUNCCHAT_ENTRA_ALLOWED_GROUPS', '')
    ALLOWED_EMAILS: readEnvironmentVariable('FUNCCHAT_ALLOWED_EMAILS', '')
    FuncChat__Auth__AllowAnonymous: readEnvironmentVariable('FUNCCHAT_ALLOW_ANONYMOUS', '')
    OPENAI_MODELS: readEnvironmentVariable('FUNCCHAT_OPENAI_MODELS', '')
    FuncChat__DefaultModel: readEnvironmentVariable('FUNCCHAT_DEFAULT_MODEL', '')
    FuncChat__Turns__MaxDuration: readEnvironmentVariable('FUNCCHAT_MAX_TURN_DURATION', '')
    FuncChat__Turns__StoreInterval: readEnvironmentVariable('FUNCCHAT_STORE_INTERVAL', '')
  },
  json(readEnvironmentVariable('FUNCCHAT_SETTINGS', '{}'))
)
