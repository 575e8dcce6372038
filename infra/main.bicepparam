using 'main.bicep'

// Two sizes: small, for a few people and nearly nothing a month, and production. `azd env set FUNCCHAT_SIZE production` picks the other one;
// every further value below may be set the same way, or changed here.
var production = readEnvironmentVariable('FUNCCHAT_SIZE', 'small') == 'production'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')

param scale = {
  instanceMemoryMB: 2048
  maximumInstances: production ? 100 : 40
  httpConcurrency: int(readEnvironmentVariable('FUNCCHAT_HTTP_CONCURRENCY', '100'))
  alwaysReadyHttp: int(readEnvironmentVariable('FUNCCHAT_ALWAYS_READY_HTTP', production ? '2' : '0'))
  alwaysReadyDurable: int(readEnvironmentVariable('FUNCCHAT_ALWAYS_READY_DURABLE', production ? '1' : '0'))
}

param state = {
  redundancy: production ? 'Standard_ZRS' : 'Standard_LRS'
  turnDays: 7
  durableBackend: 'azureStorage'
}

param network = {
  isPrivate: bool(readEnvironmentVariable('FUNCCHAT_PRIVATE_NETWORK', production ? 'true' : 'false'))
  addresses: '10.42.0.0/24'
  allowedCallers: filter(split(readEnvironmentVariable('FUNCCHAT_ALLOWED_CALLERS', ''), ','), range => !empty(range))
  otherOrigins: filter(split(readEnvironmentVariable('FUNCCHAT_OTHER_ORIGINS', ''), ','), origin => !empty(origin))
}

param monitoring = {
  logDays: production ? 90 : 30
  logDailyGigabytes: production ? -1 : 1
  alerts: production
  alertEmail: readEnvironmentVariable('FUNCCHAT_ALERT_EMAIL', '')
  toleratedFailures: 5
  slowFirstTokenSeconds: 10
}

param page = {
  location: readEnvironmentVariable('FUNCCHAT_PAGE_LOCATION', 'westeurope')
  plan: production ? 'Standard' : 'Free'
}

param azureOpenAi = {
  model: readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_MODEL', '')
  version: readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_VERSION', '')
  type: 'GlobalStandard'
  capacity: int(readEnvironmentVariable('FUNCCHAT_AZURE_OPENAI_CAPACITY', '50'))
}

param openAiApiKey = readEnvironmentVariable('OPENAI_API_KEY', '')
param groqApiKey = readEnvironmentVariable('GROQ_API_KEY', '')
param braveApiKey = readEnvironmentVariable('BRAVE_API_KEY', '')
param tavilyApiKey = readEnvironmentVariable('TAVILY_API_KEY', '')
param recoverVault = bool(readEnvironmentVariable('FUNCCHAT_RECOVER_VAULT', 'false'))

// Any setting of docs/configuration.md, such as OPENAI_MODELS or FuncChat__Turns__MaxPerUser. An empty one is left out. In Azure the app
// does not start unless something says who may use it.
param settings = {
  GOOGLE_CLIENT_ID: readEnvironmentVariable('FUNCCHAT_GOOGLE_CLIENT_ID', '')
  ENTRA_TENANT_ID: readEnvironmentVariable('FUNCCHAT_ENTRA_TENANT_ID', '')
  ENTRA_CLIENT_ID: readEnvironmentVariable('FUNCCHAT_ENTRA_CLIENT_ID', '')
  ALLOWED_EMAILS: readEnvironmentVariable('FUNCCHAT_ALLOWED_EMAILS', '')
  FuncChat__Auth__AllowAnonymous: readEnvironmentVariable('FUNCCHAT_ALLOW_ANONYMOUS', '')
}
