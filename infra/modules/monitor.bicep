metadata description = 'Log Analytics workspace and Application Insights, which accept telemetry from the app\'s identity only.'

@description('Name of the workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param componentName string

@description('Region of both.')
param location string

@description('Tags of both.')
param tags object

@description('Resource id of an existing workspace to use; empty to create one.')
param existingWorkspaceId string

@description('Days that logs are kept. The first 31 are included in the price.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Gigabytes of logs per day, after which further logs are dropped until the next day; -1 for no limit.')
param dailyGigabytes int

@description('Object id of the identity that the app acts as.')
param principalId string

var workspaceToUse = empty(existingWorkspaceId) ? workspace.id : existingWorkspaceId
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = if (empty(existingWorkspaceId)) {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: { disableLocalAuth: true }
    workspaceCapping: { dailyQuotaGb: dailyGigabytes }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspaceToUse
    DisableLocalAuth: true
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, metricsPublisher)
  scope: component
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspaceToUse

@description('Resource id of the component.')
output componentId string = component.id

@description('Where telemetry is sent. It is not a secret: without the role nothing is accepted.')
output connectionString string = component.properties.ConnectionString
