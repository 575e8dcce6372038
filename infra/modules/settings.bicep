metadata description = 'All settings of the function app, in one place. docs/configuration.md describes those of FuncChat itself.'

@description('Client id of the identity that the app acts as.')
param clientId string

@description('Address of the storage account\'s blobs.')
param blobUri string

@description('Address of its queues; empty if Durable Functions doesn\'t use them.')
param queueUri string

@description('Address of its tables, where the instances share the usage counts of users.')
param tableUri string

@description('Where telemetry is sent.')
param telemetryConnection string

@description('Address of the vault, whose secrets the app reads as settings.')
param vaultUri string

@description('Name of the task hub; empty without Durable Task Scheduler.')
param taskHubName string

@description('What connects to Durable Task Scheduler; empty without it.')
param schedulerConnection string

@description('Base URL of the Azure OpenAI account; empty without one.')
param azureOpenAiUrl string

@description('Model of the Azure OpenAI account.')
param azureOpenAiModel string

@description('Origins of the pages that may call the app.')
param allowedOrigins string[]

@description('Domain at which clients reach the API; empty for the one of the function app.')
param apiDomain string

@description('Further settings by name. They take precedence over those here.')
param more object

// A setting with an empty value is left out. Keys are in the vault, and not here.
var all = {
  // The Functions host: its storage, where FuncChat keeps turns and counts use as well, and its telemetry, both by identity.
  AzureWebJobsStorage__blobServiceUri: blobUri
  AzureWebJobsStorage__queueServiceUri: queueUri
  AzureWebJobsStorage__tableServiceUri: tableUri
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: telemetryConnection
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'

  // The host buffers a request body before the app or any sign-in sees it. This is the app's largest file (Files:MaxFileBytes) with room for its form.
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '22020096'
  AzureWebJobsDisableHomepage: 'true'

  // host.json, with durable-task-scheduler.json in it.
  TASKHUB_NAME: taskHubName
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: schedulerConnection

  // FuncChat. Files, if there are any, are in /tmp: the package that it runs from is read-only.
  FuncChat__DataPath: '/tmp/funcchat'
  KEY_VAULT_URI: vaultUri
  // The platform answers preflight requests. The app checks the pages that users sign in to MCP servers from.
  FuncChat__Cors__Origins: join(allowedOrigins, ',')
  FuncChat__Requests__PublicUrl: empty(apiDomain) ? '' : 'https://${apiDomain}'
  FuncChat__Providers__azure__Url: azureOpenAiUrl
  FuncChat__Providers__azure__Auth: empty(azureOpenAiUrl) ? '' : 'entra'
  FuncChat__Providers__azure__Models: azureOpenAiModel
}

@description('The settings by name.')
output settings object = toObject(
  filter(items(union(all, more)), setting => !empty(setting.value)),
  setting => setting.key,
  setting => setting.value
)
