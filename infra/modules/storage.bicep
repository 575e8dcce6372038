metadata description = 'The app\'s storage account: its package and its state. No shared keys, nothing public.'

@description('Name of the storage account, unique in all of Azure.')
@minLength(3)
@maxLength(24)
param name string

@description('Region of the account.')
param location string

@description('Tags of the account.')
param tags object

@description('Replication of the data: within one data center (LRS) or over three zones (ZRS).')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param redundancy string

@description('Whether only private endpoints reach the account.')
param isPrivate bool

@description('Object id of the identity that the app acts as.')
param principalId string

@description('Object id of the person who deploys, who gets the app\'s roles, to run the app on their own machine; empty for none.')
param developerId string

@description('Whether Durable Functions keeps its state here, in queues and tables.')
param holdsDurableState bool

@description('Days after which stored turns are deleted if the app has not deleted them.')
@minValue(1)
param turnDays int

var packageContainer = 'app-package'
var turnContainers = ['turns', 'tool-runs']

var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // the Functions host requires it: it leases blobs and creates its own containers
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // usage counts are here too
var roles = concat([blobDataOwner, tableDataContributor], holdsDurableState ? [queueDataContributor] : [])

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'AzureServices' // the rules that delete old turns
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource containers 'containers' = [
      for container in concat([packageContainer], turnContainers): {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'expire-turns'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: {
                blobTypes: ['blockBlob', 'appendBlob']
                prefixMatch: map(turnContainers, container => '${container}/')
              }
              actions: {
                baseBlob: { delete: { daysAfterModificationGreaterThan: turnDays } }
              }
            }
          }
        ]
      }
    }
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: {
    name: guid(account.id, principalId, role)
    scope: account
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

resource developerAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in roles: if (!empty(developerId)) {
    name: guid(account.id, developerId, role)
    scope: account
    properties: {
      principalId: developerId
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

@description('Resource id of the account.')
output id string = account.id

@description('Address of its blobs, with a slash at the end.')
output blobUri string = account.properties.primaryEndpoints.blob

@description('Address of its queues, with a slash at the end.')
output queueUri string = account.properties.primaryEndpoints.queue

@description('Address of its tables, with a slash at the end.')
output tableUri string = account.properties.primaryEndpoints.table

@description('Address of the container that holds the app\'s package.')
output packageUri string = '${account.properties.primaryEndpoints.blob}${packageContainer}'
