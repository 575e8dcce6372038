metadata description = 'An Azure OpenAI account with one model, which the app calls by its identity: the account takes no key.'

@description('Name of the account, unique in all of Azure.')
@minLength(2)
@maxLength(64)
param name string

@description('Region of the account.')
param location string

@description('Tags of the account.')
param tags object

@description('The model that is deployed, under its own name.')
param model string

@description('Version of the model; empty for the default one.')
param modelVersion string

@description('Where the model runs: GlobalStandard anywhere, DataZoneStandard in the EU or the USA, Standard in the region.')
@allowed(['GlobalStandard', 'DataZoneStandard', 'Standard'])
param deploymentType string

@description('Thousands of tokens per minute.')
@minValue(1)
param capacity int

@description('Whether only private endpoints reach the account.')
param isPrivate bool

@description('Object id of the identity that the app acts as.')
param principalId string

@description('Object id of the person who deploys, who gets the same role; empty for none.')
param developerId string

var openAiUser = '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd' // Cognitive Services OpenAI User

resource account 'Microsoft.CognitiveServices/accounts@2025-12-01' = {
  name: name
  location: location
  tags: tags
  kind: 'OpenAI'
  sku: { name: 'S0' }
  properties: {
    customSubDomainName: name
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow' }
    disableLocalAuth: true
  }

  resource deployment 'deployments' = {
    name: model
    sku: { name: deploymentType, capacity: capacity }
    properties: {
      model: {
        format: 'OpenAI'
        name: model
        version: empty(modelVersion) ? null : modelVersion
      }
      versionUpgradeOption: 'OnceCurrentVersionExpired'
    }
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, openAiUser)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', openAiUser)
  }
}

resource developerAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(developerId)) {
  name: guid(account.id, developerId, openAiUser)
  scope: account
  properties: {
    principalId: developerId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', openAiUser)
  }
}

@description('Resource id of the account.')
output id string = account.id

@description('Base URL of its OpenAI-compatible API.')
output url string = '${account.properties.endpoint}openai/v1'

@description('The model, as requests name it.')
output model string = account::deployment.name
