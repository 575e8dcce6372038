using 'main.bicep'

import { list, or } from 'variables.bicep'

// Two sizes: small, for a few people at almost no cost, and production (`azd env set FUNCCHAT_SIZE production`). Set every other value the same way:
// this file needs no edit.
var production = or(readEnvironmentVariable('FUNCCHAT_SIZE', ''), 'small') == 'production'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')

param scale = {
  instanceMemoryMB: 2048
  maximumInstances: int(or(readEnvironmentVariable('FUNCCHAT_MAX_INSTANCES', ''), production ? '50' : '40'))
  httpConcurrency: int(or(readEnvironmentVariable('FUNCCHAT_HTTP_CONCURRENCY', ''), '100'))
  alwaysReadyHttp: int(or(readEnvironmentVariable('FUNCCHAT_ALWAYS_READY_HTTP', ''), production ? '2' : '0'))
  alwaysReadyDurable: int(or(readEnvironmentVariable('FUNCCHAT_ALWAYS_READY_DURABLE', ''), production ? '2' : '0'))
  zoneRedundant: bool(or(readEnvironmentVariable('FUNCCHAT_ZONE_REDUNDANT', ''), production ? 'true' : 'false'))
}

param state = {
  redundancy: any(or(readEnvironmentVariable('FUNCCHAT_STORAGE_REDUNDANCY', ''), production ? 'Standard_ZRS' : 'Standard_LRS'))
  turnDays: int(or(readEnvironmentVariable('FUNCCHAT_TURN_DAYS', ''), '7'))
  durableBackend: any(or(readEnvironmentVariable('FUNCCHAT_DURABLE_BACKEND', ''), 'azureStorage'))
  vaultDays: int(or(readEnvironmentVariable('FUNCCHAT_VAULT_DAYS', ''), bool(or(readEnvironmentVariable('FUNCCHAT_PROTECT_VAULT', ''), production ? 'true' : 'false')) ? '90' : '7'))
  protectVault: bool(or(readEnvironmentVariable('FUNCCHAT_PROTECT_VAULT', ''), production ? 'true' : 'false'))
}

param network = {
  isPrivate: bool(or(readEnvironmentVariable('FUNCCHAT_PRIVATE_NETWORK', ''), production ? 'true' : 'false'))
  addresses: or(readEnvironmentVariable('FUNCCHAT_NETWORK_ADDRESSES', ''), '10.42.0.0/24')
  appSubnetId: trim(readEnvironmentVariable('FUNCCHAT_APP_SUBNET_ID', ''))
  endpointSubnetId: trim(readEnvironmentVariable('FUNCCHAT_ENDPOINT_SUBNET_ID', ''))
  dnsZonesGroupId: trim(readEnvironmentVariable('FUNCCHAT_DNS_ZONES_GROUP_ID', ''))
  allowedCallers: list(readEnvironmentVariable('FUNCCHAT_ALLOWED_CALLERS', ''))
  apiDomain: trim(readEnvironmentVariable('FUNCCHAT_API_DOMAIN', ''))
  otherOrigins: list(readEnvironmentVariable('FUNCCHAT_OTHER_ORIGINS', ''))
}

param monitoring = {
  logDays: production ? 90 : 30
  logDailyGigabytes: production ? -1 : 1
  alerts: bool(or(readEnvironmentVariable('FUNCCHAT_ALERTS', ''), production ? 'true' : 'false'))
  alertEmail: trim(readEnvironmentVariable('FUNCCHAT_ALERT_EMAIL', ''))
  toleratedFailures: 5
  slowFirstTokenSeconds: 10
  monthlyBudget: int(or(readEnvironmentVariable('FUNCCHAT_MONTHLY_BUDGET', ''), '0'))
  budgetStart: trim(readEnvironmentVariable('FUNCCHAT_BUDGET_START', ''))
  workspaceId: trim(readEnvironmentVariable('FUNCCHAT_WORKSPACE_ID', ''))
}

param page = {
  location: any(or(readEnvironmentVariable('FUNCCHAT_PAGE_LOCATION', ''), 'westeurope'))
  plan: production ? 'Standard' : 'Free'
  domain: trim(readEnvironmentVariable('FUNCCHAT_PAGE_DOMAIN', ''))
}

param azureOpenAi = {
  model: trim(readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_MODEL', ''))
  accountId: trim(readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_ACCOUNT_ID', ''))
  version: trim(readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_VERSION', ''))
  type: any(or(readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_TYPE', ''), 'GlobalStandard'))
  capacity: int(or(readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_CAPACITY', ''), '50'))
}

param openAiApiKey = trim(readEnvironmentVariable('OPENAI_API_KEY', ''))
param groqApiKey = trim(readEnvironmentVariable('GROQ_API_KEY', ''))
param braveApiKey = trim(readEnvironmentVariable('BRAVE_API_KEY', ''))
param tavilyApiKey = trim(readEnvironmentVariable('TAVILY_API_KEY', ''))
param recoverVault = bool(or(readEnvironmentVariable('FUNCCHAT_RECOVER_VAULT', ''), 'false'))

param existingResourceGroup = trim(readEnvironmentVariable('FUNCCHAT_RESOURCE_GROUP', ''))
param names = json(or(readEnvironmentVariable('FUNCCHAT_NAMES', ''), '{}'))
param extraTags = json(or(readEnvironmentVariable('FUNCCHAT_TAGS', ''), '{}'))
param developerId = trim(readEnvironmentVariable('FUNCCHAT_DEVELOPER_ID', ''))

// A setting with an empty value is left out. FUNCCHAT_SETTINGS is a JSON object with any further settings of docs/configuration.md, whose values may be
// texts, numbers, true and false.
param settings = toObject(
  items(union(
    {
      GOOGLE_CLIENT_ID: trim(readEnvironmentVariable('FUNCCHAT_GOOGLE_CLIENT_ID', ''))
      ENTRA_TENANT_ID: trim(readEnvironmentVariable('FUNCCHAT_ENTRA_TENANT_ID', ''))
      ENTRA_CLIENT_ID: trim(readEnvironmentVariable('FUNCCHAT_ENTRA_CLIENT_ID', ''))
      ENTRA_ALLOWED_ROLES: trim(readEnvironmentVariable('FUNCCHAT_ENTRA_ALLOWED_ROLES', ''))
      ENTRA_ALLOWED_GROUPS: trim(readEnvironmentVariable('FUNCCHAT_ENTRA_ALLOWED_GROUPS', ''))
      ALLOWED_EMAILS: trim(readEnvironmentVariable('FUNCCHAT_ALLOWED_EMAILS', ''))
      FuncChat__Auth__AllowAnonymous: trim(readEnvironmentVariable('FUNCCHAT_ALLOW_ANONYMOUS', ''))
      OPENAI_MODELS: trim(readEnvironmentVariable('FUNCCHAT_OPENAI_MODELS', ''))
      FuncChat__DefaultModel: trim(readEnvironmentVariable('FUNCCHAT_DEFAULT_MODEL', ''))
      FuncChat__Turns__MaxDuration: trim(readEnvironmentVariable('FUNCCHAT_MAX_TURN_DURATION', ''))
      FuncChat__Turns__StoreInterval: trim(readEnvironmentVariable('FUNCCHAT_STORE_INTERVAL', ''))
    },
    json(or(readEnvironmentVariable('FUNCCHAT_SETTINGS', ''), '{}'))
  )),
  setting => setting.key,
  // `string` returns True for true.
  setting => setting.value == true ? 'true' : setting.value == false ? 'false' : setting.value == null ? '' : trim(format('{0}', setting.value))
)
