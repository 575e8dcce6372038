metadata description = 'An existing Azure OpenAI or Foundry account, which the app calls by its identity.'

@description('Name of the account, which must have a custom subdomain, as calls by identity require.')
param name string

@description('Object id of the identity that the app acts as.')
param principalId string

@description('Object id of the person who deploys, who gets the same role; empty for none.')
param developerId string

var openAiUser = '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd' // Cognitive Services OpenAI User

resource account 'Microsoft.CognitiveServices/accounts@2025-12-01' existing = {
  name: name
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

// The `endpoint` of a Foundry account is that of its other services.
@description('Base URL of its OpenAI-compatible API.')
output url string = 'https://${account.properties.customSubDomainName}.openai.azure.com/openai/v1'
