metadata description = 'The function app on a Flex Consumption plan, which streams responses and scales to zero.'

import { Scale } from '../types.bicep'

@description('Name of the function app, unique in all of Azure.')
param name string

@description('Name of its plan.')
param planName string

@description('Region of both.')
param location string

@description('Tags of both.')
param tags object

@description('Resource id of the identity that the app acts as.')
param identityId string

@description('Address of the blob container that holds the app\'s package.')
param packageUri string

@description('How much the app may run.')
param scale Scale

@description('Origins of the pages that may call the app.')
param allowedOrigins string[]

@description('Address ranges that may call the app, such as 203.0.113.0/24; an empty list lets everyone call it.')
param allowedCallers string[]

@description('Whether the availability test is one of the callers.')
param allowTester bool

@description('Resource id of the subnet that the app sends from; empty for none.')
param subnetId string

@description('The app\'s settings by name.')
param settings object

var alwaysReady = filter(
  [
    { name: 'http', instanceCount: scale.alwaysReadyHttp }
    { name: 'durable', instanceCount: scale.alwaysReadyDurable }
  ],
  group => group.instanceCount > 0
)

var addressRules = [
  for (range, index) in allowedCallers: {
    name: 'allowed-${index}'
    action: 'Allow'
    priority: 100 + index
    // An address alone has no prefix length, which Azure requires.
    ipAddress: contains(range, '/') ? range : contains(range, ':') ? '${range}/128' : '${range}/32'
  }
]

var testerRules = allowTester
  ? [
      {
        name: 'availability-test'
        action: 'Allow'
        priority: 1000
        tag: 'ServiceTag'
        ipAddress: 'ApplicationInsightsAvailability'
      }
    ]
  : []

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: scale.zoneRedundant }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // By this tag azd finds the target of the service `api` of azure.yaml.
  tags: union(tags, { 'azd-service-name': 'api' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      // An update lets running requests end on the old instances: its default cuts all streams at once. The types of this API version lack the property.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: 'RollingUpdate' }
      scaleAndConcurrency: {
        instanceMemoryMB: scale.instanceMemoryMB
        maximumInstanceCount: scale.maximumInstances
        alwaysReady: alwaysReady
        triggers: { http: { perInstanceConcurrency: scale.httpConcurrency } }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      cors: {
        allowedOrigins: allowedOrigins
        supportCredentials: false
      }
      ipSecurityRestrictionsDefaultAction: empty(allowedCallers) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: empty(allowedCallers) ? [] : concat(addressRules, testerRules)
      // Deployment requires a token of Entra ID, and comes from wherever the pipeline runs.
      scmIpSecurityRestrictionsUseMain: false
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: settings
  }

  resource publishingByFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource publishingByPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

@description('Address of the API, without a slash at the end.')
output url string = 'https://${app.properties.defaultHostName}'

@description('Name of the app.')
output name string = app.name
