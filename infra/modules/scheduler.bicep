metadata description = 'Durable Task Scheduler with the task hub that keeps long tool runs, in place of the storage account.'

@description('Name of the scheduler.')
param name string

@description('Name of the task hub.')
param taskHubName string

@description('Region of the scheduler.')
param location string

@description('Tags of the scheduler.')
param tags object

@description('Object id of the identity that the app acts as.')
param principalId string

@description('Object id of the person who deploys, who gets the same role; empty for none.')
param developerId string

@description('Client id of that identity.')
param clientId string

var dataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402' // Durable Task Data Contributor

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'Consumption' }
    // Callers still need the role below; an empty list would admit no caller. The addresses of a Flex app are not known ahead.
    ipAllowlist: ['0.0.0.0/0']
  }

  resource hub 'taskHubs' = {
    name: taskHubName
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler.id, principalId, dataContributor)
  scope: scheduler::hub
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataContributor)
  }
}

resource developerAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(developerId)) {
  name: guid(scheduler.id, developerId, dataContributor)
  scope: scheduler::hub
  properties: {
    principalId: developerId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataContributor)
  }
}

@description('What the app connects by. It holds no key.')
output connection string = 'Endpoint=${scheduler.properties.endpoint};Authentication=ManagedIdentity;ClientID=${clientId}'

@description('Name of the task hub.')
output taskHubName string = scheduler::hub.name
