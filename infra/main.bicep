metadata description = 'Everything that FuncChat needs in Azure, in one resource group. `azd up` deploys it; see docs/deploy.md.'

targetScope = 'subscription'

import { AzureOpenAi, Monitoring, Names, Network, Page, Scale, State } from 'types.bicep'

@description('Name of the environment. It is the default name of the resource group, and part of the names of its resources.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of everything but the page\'s files. It must offer Flex Consumption and, if a model is deployed, the model.')
param location string

@description('How far the function app scales.')
param scale Scale

@description('Where state is kept.')
param state State

@description('Who reaches what.')
param network Network

@description('Logs, alerts and budget.')
param monitoring Monitoring

@description('The Static Web App.')
param page Page

@description('An Azure OpenAI account: one that is deployed with the app, or an existing one.')
param azureOpenAi AzureOpenAi

@description('Further settings of docs/configuration.md by name. They take precedence over the template\'s own.')
param settings object = {}

@description('OPENAI_API_KEY to store in the vault; empty to store none.')
@secure()
param openAiApiKey string = ''

@description('GROQ_API_KEY to store in the vault; empty to store none.')
@secure()
param groqApiKey string = ''

@description('BRAVE_API_KEY to store in the vault; empty to store none.')
@secure()
param braveApiKey string = ''

@description('TAVILY_API_KEY to store in the vault; empty to store none.')
@secure()
param tavilyApiKey string = ''

@description('Recovers the vault of a deleted environment with this name.')
param recoverVault bool = false

@description('Name of an existing resource group to deploy into; empty to create one.')
param existingResourceGroup string = ''

@description('Names of resources, instead of those that are derived from the environment\'s.')
param names Names = {}

@description('Tags for every resource, next to azd\'s own.')
param extraTags object = {}

@description('Object id of the person who deploys. They get the roles to write secrets, and to run the app on their own machine; empty for none, as in a pipeline.')
param developerId string = ''

var tags = union(extraTags, { 'azd-env-name': environmentName })
var token = uniqueString(subscription().id, environmentName, location)
var onScheduler = state.durableBackend == 'azureManaged'
var withOpenAi = !empty(azureOpenAi.model)
var deploysOpenAi = withOpenAi && empty(azureOpenAi.accountId)
var usesOpenAi = withOpenAi && !empty(azureOpenAi.accountId)
var accountIdParts = split(usesOpenAi ? azureOpenAi.accountId : '////////', '/')
var pageOrigins = empty(page.domain) ? [] : ['https://${page.domain}']

var groupName = empty(existingResourceGroup) ? 'rg-${environmentName}' : existingResourceGroup

resource newGroup 'Microsoft.Resources/resourceGroups@2025-04-01' = if (empty(existingResourceGroup)) {
  name: groupName
  location: location
  tags: tags
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' existing = {
  name: groupName
}

module identity 'modules/identity.bicep' = {
  scope: group
  dependsOn: [newGroup]
  params: { name: names.?identity ?? 'id-${token}', location: location, tags: tags }
}

module monitor 'modules/monitor.bicep' = {
  scope: group
  params: {
    workspaceName: names.?workspace ?? 'log-${token}'
    componentName: names.?appInsights ?? 'appi-${token}'
    location: location
    tags: tags
    retentionDays: monitoring.logDays
    dailyGigabytes: monitoring.logDailyGigabytes
    existingWorkspaceId: monitoring.workspaceId
    principalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: names.?storage ?? 'st${token}'
    location: location
    tags: tags
    redundancy: state.redundancy
    isPrivate: network.isPrivate
    principalId: identity.outputs.principalId
    developerId: developerId
    holdsDurableState: !onScheduler
    turnDays: state.turnDays
  }
}

module vault 'modules/keyvault.bicep' = {
  scope: group
  params: {
    name: names.?vault ?? 'kv-${token}'
    location: location
    tags: tags
    isPrivate: network.isPrivate
    purgeProtection: state.protectVault
    retentionDays: state.vaultDays
    developerId: developerId
    recover: recoverVault
    principalId: identity.outputs.principalId
    workspaceId: monitor.outputs.workspaceId
    secretNames: ['OPENAI-API-KEY', 'GROQ-API-KEY', 'BRAVE-API-KEY', 'TAVILY-API-KEY']
    secrets: {
      'OPENAI-API-KEY': openAiApiKey
      'GROQ-API-KEY': groqApiKey
      'BRAVE-API-KEY': braveApiKey
      'TAVILY-API-KEY': tavilyApiKey
    }
  }
}

module scheduler 'modules/scheduler.bicep' = if (onScheduler) {
  scope: group
  params: {
    name: names.?scheduler ?? 'dts-${token}'
    taskHubName: 'funcchat'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    developerId: developerId
    clientId: identity.outputs.clientId
  }
}

module openAi 'modules/openai.bicep' = if (deploysOpenAi) {
  scope: group
  params: {
    name: names.?openAi ?? 'oai-${token}'
    location: location
    tags: tags
    model: azureOpenAi.model
    modelVersion: azureOpenAi.version
    deploymentType: azureOpenAi.type
    capacity: azureOpenAi.capacity
    isPrivate: network.isPrivate
    principalId: identity.outputs.principalId
    developerId: developerId
  }
}

module existingOpenAi 'modules/openai-existing.bicep' = if (usesOpenAi) {
  scope: resourceGroup(accountIdParts[2], accountIdParts[4])
  params: { name: accountIdParts[8], principalId: identity.outputs.principalId, developerId: developerId }
}

module privateNetwork 'modules/network.bicep' = if (network.isPrivate) {
  scope: group
  params: {
    name: names.?network ?? 'vnet-${token}'
    location: location
    tags: tags
    addressPrefix: network.addresses
    existingEndpointSubnetId: network.endpointSubnetId
    zonesGroupId: network.dnsZonesGroupId
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
    withOpenAi: deploysOpenAi
    openAiId: openAi.?outputs.id ?? ''
  }
}

module staticWebApp 'modules/page.bicep' = {
  scope: group
  dependsOn: [newGroup]
  params: {
    name: names.?page ?? 'swa-${token}'
    location: page.location
    tags: tags
    plan: page.plan
    domain: page.domain
  }
}

module settingsOfApp 'modules/settings.bicep' = {
  scope: group
  params: {
    clientId: identity.outputs.clientId
    blobUri: storage.outputs.blobUri
    queueUri: onScheduler ? '' : storage.outputs.queueUri
    tableUri: storage.outputs.tableUri
    telemetryConnection: monitor.outputs.connectionString
    vaultUri: vault.outputs.uri
    taskHubName: scheduler.?outputs.taskHubName ?? ''
    schedulerConnection: scheduler.?outputs.connection ?? ''
    azureOpenAiUrl: openAi.?outputs.url ?? existingOpenAi.?outputs.url ?? ''
    azureOpenAiModel: openAi.?outputs.model ?? azureOpenAi.model
    allowedOrigins: concat([staticWebApp.outputs.url], pageOrigins, network.otherOrigins)
    apiDomain: network.apiDomain
    more: settings
  }
}

module functionApp 'modules/functionapp.bicep' = {
  scope: group
  params: {
    name: names.?functionApp ?? 'func-${token}'
    planName: names.?plan ?? 'plan-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    packageUri: storage.outputs.packageUri
    scale: scale
    allowedOrigins: concat([staticWebApp.outputs.url], pageOrigins, network.otherOrigins)
    allowedCallers: network.allowedCallers
    allowTester: monitoring.alerts
    subnetId: network.isPrivate && !empty(network.appSubnetId)
      ? network.appSubnetId
      : (privateNetwork.?outputs.appSubnetId ?? '')
    settings: settingsOfApp.outputs.settings
  }
}

module alerts 'modules/alerts.bicep' = if (monitoring.alerts) {
  scope: group
  params: {
    prefix: 'funcchat-${token}'
    location: location
    tags: tags
    componentId: monitor.outputs.componentId
    workspaceId: monitor.outputs.workspaceId
    apiUrl: functionApp.outputs.url
    email: monitoring.alertEmail
    toleratedFailures: monitoring.toleratedFailures
    slowFirstTokenSeconds: monitoring.slowFirstTokenSeconds
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    title: 'FuncChat ${environmentName}'
    location: location
    tags: tags
    workspaceId: monitor.outputs.workspaceId
    componentId: monitor.outputs.componentId
  }
}

module budget 'modules/budget.bicep' = if (monitoring.monthlyBudget > 0) {
  scope: group
  dependsOn: [newGroup]
  params: {
    name: 'budget-${token}'
    amount: monitoring.monthlyBudget
    startDate: monitoring.budgetStart
    email: monitoring.alertEmail
  }
}

@description('Address of the page.')
output PAGE_URL string = empty(page.domain) ? staticWebApp.outputs.url : 'https://${page.domain}'

@description('Name of the Static Web App.')
output PAGE_NAME string = staticWebApp.outputs.name

@description('Address of the API. The page\'s config.json is generated from it.')
output API_URL string = empty(network.apiDomain) ? functionApp.outputs.url : 'https://${network.apiDomain}'

@description('Host of the function app, which the CNAME record of a domain of your own names.')
output API_HOST string = replace(functionApp.outputs.url, 'https://', '')

@description('Name of the resource group.')
output AZURE_RESOURCE_GROUP string = groupName

@description('Addresses of the network that this template created; empty without one.')
output NETWORK_ADDRESSES string = network.isPrivate && empty(network.endpointSubnetId) ? network.addresses : ''

@description('Name of the function app.')
output FUNCTION_APP_NAME string = functionApp.outputs.name

@description('Name of the vault.')
output KEY_VAULT_NAME string = vault.outputs.name

@description('Address of the vault.')
output KEY_VAULT_URI string = vault.outputs.uri

@description('Days that the vault keeps what is deleted. The hook compares them with those of the next run, since a vault never changes them.')
output VAULT_DAYS int = state.vaultDays

@description('Replication of the storage account, which the hook compares in the same way.')
output STORAGE_REDUNDANCY string = state.redundancy

@description('Address of the blobs of the storage account.')
output STORAGE_BLOB_URI string = storage.outputs.blobUri

@description('Address of the tables of the storage account.')
output STORAGE_TABLE_URI string = storage.outputs.tableUri

@description('Base URL of the Azure OpenAI account; empty without one.')
output AZURE_OPENAI_URL string = openAi.?outputs.url ?? existingOpenAi.?outputs.url ?? ''
