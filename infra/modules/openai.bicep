metadata description = 'An Azure OpenAI account with one model. Its key goes straight into the vault, where the app reads it.'

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

@description('Thousands of tokens a minute.')
@minValue(1)
param capacity int

@description('Whether only private endpoints reach the account.')
param isPrivate bool

@description('Name of the vault that the key goes into.')
param vaultName string

@description('Name of the secret that the key becomes.')
param secretName string

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
    // The engine calls a model with a key, not yet with a token of the app's identity.
    disableLocalAuth: false
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

resource vault 'Microsoft.KeyVault/vaults@2026-05-15' existing = {
  name: vaultName

  resource key 'secrets' = {
    name: secretName
    properties: { value: account.listKeys().key1 }
  }
}

@description('Resource id of the account.')
output id string = account.id

@description('Base URL of its OpenAI-compatible API.')
output url string = '${account.properties.endpoint}openai/v1'

@description('The model, as requests name it.')
output model string = account::deployment.name
