metadata description = 'A private endpoint of one resource, and the DNS zone by which the network finds it.'

@description('Name of the endpoint.')
param name string

@description('Region of the endpoint.')
param location string

@description('Tags of endpoint and zone.')
param tags object

@description('Resource id of the resource that it leads to.')
param resourceId string

@description('Part of the resource that it leads to, such as blob.')
param group string

@description('The private DNS zone, such as privatelink.blob.core.windows.net.')
param zoneName string

@description('Resource id of the network that asks the zone.')
param networkId string

@description('Resource id of the resource group that has the zone already, linked to the network; empty to create the zone.')
param zonesGroupId string

@description('Resource id of the subnet that holds the endpoint.')
param subnetId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = if (empty(zonesGroupId)) {
  name: zoneName
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = if (empty(zonesGroupId)) {
    name: 'network'
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: networkId }
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      {
        name: group
        properties: { privateLinkServiceId: resourceId, groupIds: [group] }
      }
    ]
  }

  resource zones 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: group
          properties: {
            privateDnsZoneId: empty(zonesGroupId)
              ? zone.id
              : '${zonesGroupId}/providers/Microsoft.Network/privateDnsZones/${zoneName}'
          }
        }
      ]
    }
  }
}
