metadata description = 'The vault that holds the keys of model and search providers. The app reads it by role.'

@description('Name of the vault, unique in all of Azure.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the vault.')
param location string

@description('Tags of the vault.')
param tags object

@description('Whether only private endpoints reach the vault.')
param isPrivate bool

@description('Days that a deleted vault, or a deleted secret, is kept. A vault never changes it.')
@minValue(7)
@maxValue(90)
param retentionDays int

@description('Purge protection: no one can shorten these days. Without it, `azd down --purge` removes a deleted vault at once.')
param purgeProtection bool

@description('Recovers a deleted vault of this name.')
param recover bool

@description('Object id of the identity that the app acts as.')
param principalId string

@description('Object id of the person who deploys, who may then write secrets; empty for none.')
param developerId string

@description('Resource id of the workspace that records every access.')
param workspaceId string

@description('Names of the secrets that may be written.')
param secretNames string[]

@description('Their values by name. An empty one is not written, and the vault keeps what it has.')
@secure()
param secrets object

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7' // Key Vault Secrets Officer

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    createMode: recover ? 'recover' : 'default'
    enableRbacAuthorization: true
    enableSoftDelete: true
    // The property accepts true or nothing.
    enablePurgeProtection: purgeProtection ? true : null
    softDeleteRetentionInDays: retentionDays
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      // Resource Manager, a trusted service, writes the secrets below.
      bypass: 'AzureServices'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }

  resource values 'secrets' = [
    for secret in secretNames: if (!empty(secrets[secret])) {
      name: secret
      properties: { value: secrets[secret] }
    }
  ]
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, secretsUser)
  scope: vault
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource developerAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(developerId)) {
  name: guid(vault.id, developerId, secretsOfficer)
  scope: vault
  properties: {
    principalId: developerId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsOfficer)
  }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'AuditEvent', enabled: true }]
  }
}

@description('Resource id of the vault.')
output id string = vault.id

@description('Name of the vault.')
output name string = vault.name

@description('Address of the vault.')
output uri string = vault.properties.vaultUri
