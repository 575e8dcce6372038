metadata description = 'A virtual network: one subnet that the function app sends from, one with the private endpoints of what it reaches, and one for machines of your own.'

@description('Name of the network.')
param name string

@description('Region of the network.')
param location string

@description('Tags of the network.')
param tags object

@description('Addresses of the network, at least a /24. The app gets the first quarter, one address per instance: a /24 has room for 59 instances, a /22 for 251.')
param addressPrefix string

@description('Resource id of an existing subnet for the private endpoints; empty to create the network.')
param existingEndpointSubnetId string

@description('Resource id of the resource group that has the private DNS zones already, linked to the network; empty to create them.')
param zonesGroupId string

@description('Resource id of the storage account.')
param storageId string

@description('Resource id of the vault.')
param vaultId string

@description('Whether an Azure OpenAI account is deployed with the app.')
param withOpenAi bool

@description('Resource id of that account; empty without one.')
param openAiId string

var storageParts = ['blob', 'queue', 'table']
var size = parseCidr(addressPrefix).cidr

var creates = empty(existingEndpointSubnetId)

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = if (creates) {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, size + 2, 0)
          // Flex Consumption runs on the infrastructure of Container Apps, which requires this delegation.
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: { addressPrefix: cidrSubnet(addressPrefix, size + 3, 2) }
      }
      // Each deployment removes the subnets that are not in this list.
      {
        name: 'machines'
        properties: { addressPrefix: cidrSubnet(addressPrefix, size + 3, 3) }
      }
    ]
  }

  resource app 'subnets' existing = { name: 'app' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
}

var endpointSubnetId = creates ? network::endpoints.id : existingEndpointSubnetId
var networkId = creates ? network.id : split(existingEndpointSubnetId, '/subnets/')[0]

module toStorage 'private-endpoint.bicep' = [
  for part in storageParts: {
    params: {
      name: 'pe-${part}-${name}'
      location: location
      tags: tags
      resourceId: storageId
      group: part
      zoneName: 'privatelink.${part}.${environment().suffixes.storage}'
      networkId: networkId
      zonesGroupId: zonesGroupId
      subnetId: endpointSubnetId
    }
  }
]

module toVault 'private-endpoint.bicep' = {
  params: {
    name: 'pe-vault-${name}'
    location: location
    tags: tags
    resourceId: vaultId
    group: 'vault'
    zoneName: 'privatelink.vaultcore.azure.net'
    networkId: networkId
    zonesGroupId: zonesGroupId
    subnetId: endpointSubnetId
  }
}

module toOpenAi 'private-endpoint.bicep' = if (withOpenAi) {
  params: {
    name: 'pe-openai-${name}'
    location: location
    tags: tags
    resourceId: openAiId
    group: 'account'
    zoneName: 'privatelink.openai.azure.com'
    networkId: networkId
    zonesGroupId: zonesGroupId
    subnetId: endpointSubnetId
  }
}

@description('Resource id of the created subnet that the function app sends from; empty with an existing network.')
output appSubnetId string = creates ? network::app.id : ''
